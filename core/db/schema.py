"""Every table of the core in one MetaData, for migrations and for the test that models match the head.

One rule: a slice's tables are found by their file, ``core/<slice>/tables.py``, and not listed anywhere.
"""

import importlib
import importlib.util
import pkgutil
from types import ModuleType

import core
from core.db import counters, idempotency
from core.db.base import metadata


def _tables_of_slices() -> tuple[ModuleType, ...]:
    names = sorted(package.name for package in pkgutil.iter_modules(core.__path__) if package.ispkg)
    found = (importlib.util.find_spec(f"core.{name}.tables") for name in names)
    return tuple(importlib.import_module(spec.name) for spec in found if spec is not None)


SLICES = (idempotency, counters, *_tables_of_slices())

__all__ = ["SLICES", "metadata"]
