"""Finds the same file of every slice, ``core/<slice>/<kind>.py``, so that nobody has to list the slices."""

import importlib
import importlib.util
import pkgutil
from types import ModuleType

import core


def modules_of_slices(kind: str) -> tuple[ModuleType, ...]:
    """The modules called ``kind``, such as ``tables``, of all packages of the core, sorted by package."""
    packages = sorted(package.name for package in pkgutil.iter_modules(core.__path__) if package.ispkg)
    found = (importlib.util.find_spec(f"core.{package}.{kind}") for package in packages)
    return tuple(importlib.import_module(spec.name) for spec in found if spec is not None)
