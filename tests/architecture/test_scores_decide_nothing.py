"""No use case takes what was worked out from history for a right: it sorts, informs and asks, and people decide.

What an administrator's bound leads to is a hold like any other, made by the clock in ``core/standings``; and a rule may
ask for one more level of approval, where the administrator has said so, in ``core/findings``.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source_files import short, sources, tree

WORKED_OUT = (
    "insights",
    "vendor_facts",
    "vendor_scores",
    "standings",
    "demand",
    "forecasts",
    "findings",
    "checks",
    "recommendations",
)
DECIDING = ("service", "actions", "policy", "states", "commands")
"""The files of a slice that change something, or say who may."""
ALLOWED = {
    "core/approval_facts/policy.py": "says which reader sees which score, and decides nothing",
}
TOLD = frozenset({"scores", "warned", "findings"})
"""What a read model carries of it."""


def deciding() -> Iterator[Path]:
    """Every file of core that decides, but for those of the methods themselves."""
    for path in sources("core"):
        if path.stem in DECIDING and path.parent.name not in WORKED_OUT:
            yield path


def imported(path: Path) -> set[str]:
    """The slices of what is worked out that a file imports."""
    modules = {node.module or "" for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)}
    modules |= {
        f"{node.module}.{name.name}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    return {slice_ for slice_ in WORKED_OUT for each in modules if f"{each}.".startswith(f"core.{slice_}.")}


def read(path: Path) -> set[str]:
    """The fields of read models in which scores and findings are told, as far as a file reads them."""
    return {
        node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute) and node.attr in TOLD
    }


def test_no_file_that_decides_imports_what_was_worked_out() -> None:
    found = {short(path): imported(path) for path in deciding() if imported(path)}
    assert found.keys() == ALLOWED.keys(), found


def test_no_file_that_decides_reads_a_score_or_a_finding() -> None:
    found = {short(path): read(path) for path in deciding() if read(path)}
    assert found.keys() == ALLOWED.keys(), found


def test_such_a_file_would_be_found() -> None:
    by_name = {short(path): path for path in sources("core")}
    assert "core/decisions/service.py" in {short(path) for path in deciding()}
    assert imported(by_name["core/awards/queries.py"]) == {"insights", "standings"}
    assert read(by_name["core/awards/queries.py"]) == {"scores", "warned"}
