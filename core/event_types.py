"""Every module that defines events; importing this module completes the index of event classes.

One rule: a slice's events are found by their file, ``core/<slice>/events.py``, and not listed anywhere.
"""

from collections.abc import Iterator

from core.log import deliveries, events, refused_attempts, unshown_rows
from core.log.events import Event
from core.slice_files import modules_of_slices

EVENT_MODULES = (
    deliveries,
    refused_attempts,
    unshown_rows,
    *(module for module in modules_of_slices("events") if module is not events),
)


def concrete_classes(kind: type[Event]) -> Iterator[type[Event]]:
    """The subclasses of ``kind`` that can be recorded; ``kind`` itself when it has no subclass."""
    if "type" in vars(kind):
        yield kind
    for child in kind.__subclasses__():
        yield from concrete_classes(child)
