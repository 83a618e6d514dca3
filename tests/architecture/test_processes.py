"""docs/processes.md says truly which process imports what."""

from collections.abc import Mapping

import grimp
import pytest

from tests.architecture.source_files import OURS, ROOT

ENTRIES: Mapping[str, str] = {
    "api": "api.__main__",
    "worker": "workers.main",
    "relay": "workers.relay_process",
    "telegram": "bots.telegram.__main__",
    "slack": "bots.slack.__main__",
    "reader": "api.quote_files.__main__",
    "sandbox": "sandbox.__main__",
}
HEAVY = (
    "fastapi",
    "uvicorn",
    "sqlalchemy",
    "asyncpg",
    "dramatiq",
    "redis",
    "aiohttp",
    "aiogram",
    "slack_bolt",
    "slack_sdk",
    "jwt",
    "argon2",
    "babel",
    "numpy",
    "pdfplumber",
    "pypdfium2",
    "python_calamine",
)
"""Libraries worth a look: what a process imports it waits for at its start and keeps in memory."""
DIVIDED = frozenset({"api", "bots"})
"""Packages of which a process takes only a part."""


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*OURS, include_external_packages=True)


def rows() -> dict[str, tuple[str, str]]:
    page = (ROOT / "docs" / "processes.md").read_text(encoding="utf-8")
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.splitlines()
        if line.startswith("| ")
    ]
    return {row[0]: (row[2], row[3]) for row in cells[1:] if row[0] != "---"}


def packages(modules: set[str]) -> str:
    """``api.contract``, ``core``: as much of a name as the page shows."""
    shown = set()
    for module in modules:
        top, _, rest = module.partition(".")
        if top in DIVIDED and rest and not rest.startswith("_"):
            shown.add(f"{top}.{rest.split('.')[0]}")
        elif top in OURS and top not in DIVIDED:
            shown.add(top)
    return ", ".join(sorted(shown))


@pytest.mark.parametrize("process", ENTRIES)
def test_the_page_says_which_process_imports_what(process: str, graph: grimp.ImportGraph) -> None:
    modules = graph.find_upstream_modules(ENTRIES[process]) | {ENTRIES[process]}
    libraries = ", ".join(name for name in HEAVY if name in modules)
    assert rows()[process] == (packages(modules), libraries)


def test_the_page_names_every_process() -> None:
    assert set(rows()) == set(ENTRIES)
