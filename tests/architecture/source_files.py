"""The project's own source files, as paths and as imported modules."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TypeVar

import core

ROOT = Path(__file__).parents[2]
OURS = ("administration", "api", "backup", "bots", "core", "migrations", "sandbox", "stack", "workers")
T = TypeVar("T", bound=type)


def sources(*folders: str) -> Iterator[Path]:
    """Every Python file below these folders of the project."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    """A file's syntax; kept, because several tests read each."""
    return ast.parse(path.read_text(encoding="utf-8"))


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def core_modules() -> tuple[ModuleType, ...]:
    """Every module of the core, imported."""
    found = pkgutil.walk_packages(core.__path__, "core.")
    return tuple(importlib.import_module(item.name) for item in found if not item.ispkg)


def subclasses(base: type) -> Iterator[type]:
    """All of the core's below a class, once each; what tests made for themselves is not ours."""
    seen: set[type] = set()
    waiting = [base]
    while waiting:
        children: list[type] = waiting.pop().__subclasses__()
        for child in children:
            if child not in seen:
                seen.add(child)
                waiting.append(child)
                if child.__module__.startswith("core."):
                    yield child
