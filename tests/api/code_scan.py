"""The codes of refused values, as the core and the API write them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PLACE = {"invalid": 1, "FieldError": 1, "value_error": 0, "_wrong_day": 0}
"""Which argument of these calls is the code."""


def codes_of_refused_values() -> set[str]:
    """Every code that is written out."""
    return {
        value.value
        for package in ("core", "api")
        for path in (ROOT / package).rglob("*.py")
        for value in _codes(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(value, ast.Constant) and isinstance(value.value, str)
    }


def _codes(module: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            place = _PLACE.get(ast.unparse(node.func).rpartition(".")[2])
            if place is not None and len(node.args) > place:
                yield node.args[place]
