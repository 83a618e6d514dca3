"""What ages badly is the tail: long functions, long files, many parameters, modules that do not say why."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source_files import OURS, short, sources, tree

MOST_LINES, MOST_IN_TEST, MOST_IN_FUNCTION, MOST_IN_ROUTE = 400, 500, 60, 25
MOST_PARAMETERS = 7
"""Five is aimed at; ``self`` counts here. What a framework hands to a decorated handler is no choice of ours."""


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_long() -> None:
    long = {short(path): lines(path) for path in sources(*OURS) if lines(path) > MOST_LINES}
    long |= {short(path): lines(path) for path in sources("tests") if lines(path) > MOST_IN_TEST}
    assert long == {}


def test_no_function_is_long() -> None:
    long = {
        f"{short(path)}:{node.name}": length(node)
        for path in sources(*OURS, "tests")
        for node in functions(path)
        if length(node) > MOST_IN_FUNCTION
    }
    assert long == {}


def test_no_route_is_long() -> None:
    """A route turns the contract into a command and back; what is longer holds a rule."""
    long = {
        f"{short(path)}:{node.name}": length(node)
        for path in sources("api/server/routes", "api/server/hooks", "bots/telegram/routers")
        for node in functions(path)
        if node.decorator_list and length(node) > MOST_IN_ROUTE
    }
    assert long == {}


def test_no_function_takes_many_positional_things() -> None:
    many = {
        f"{short(path)}:{node.name}": len(node.args.args)
        for path in sources(*OURS)
        for node in functions(path)
        if len(node.args.args) > MOST_PARAMETERS and not node.decorator_list
    }
    assert many == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        short(path)
        for path in sources(*OURS)
        if path.name != "__init__.py" and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_the_cores_packages_are_empty() -> None:
    full = [short(path) for path in sources("core") if path.name == "__init__.py" and lines(path) > 0]
    assert full == []


def test_nobody_imports_for_type_checkers_only() -> None:
    found = [
        short(path)
        for path in sources(*OURS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name) and node.id == "TYPE_CHECKING"
    ]
    assert found == []
