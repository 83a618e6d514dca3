"""Every module that defines events; importing this module completes the index of event classes.

One rule: a slice's events are found by their file, ``core/<slice>/events.py``, and not listed anywhere.
"""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import core
from core.log import deliveries, refused_attempts
from core.log.events import Event


def _events_of_slices() -> tuple[ModuleType, ...]:
    names = sorted(
        package.name
        for package in pkgutil.iter_modules(core.__path__)
        if package.ispkg and package.name != "log"
    )
    found = (importlib.util.find_spec(f"core.{name}.events") for name in names)
    return tuple(importlib.import_module(spec.name) for spec in found if spec is not None)


EVENT_MODULES = (deliveries, refused_attempts, *_events_of_slices())


def concrete_classes(kind: type[Event]) -> Iterator[type[Event]]:
    """The subclasses of ``kind`` that can be recorded; ``kind`` itself when it has no subclass."""
    if "type" in vars(kind):
        yield kind
    for child in kind.__subclasses__():
        yield from concrete_classes(child)
