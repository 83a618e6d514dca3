"""What an event is: a frozen dataclass with a type, a subject, and flat data.

One rule: an event states what happened, in the past tense, and never contains a price that is still sealed.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import ClassVar
from uuid import UUID

ENVELOPE = frozenset({"subject_id", "subject_version", "request_id", "on_behalf_of"})
"""The fields that every event has; they are columns of the log and not part of ``data``."""

_CLASSES: dict[str, type["Event"]] = {}


class UnknownEventType(LookupError):
    """No event class has this type: it was removed or renamed, or its module was never imported."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """The base: a subclass that can happen sets ``type`` and adds its data as fields.

    A subclass without a ``type`` of its own groups others (``RequestEvent``) and is never recorded itself.
    """

    type: ClassVar[str]
    subject_kind: ClassVar[str]
    subject_id: UUID
    subject_version: int
    request_id: UUID | None = None
    on_behalf_of: UUID | None = None

    def __init_subclass__(cls) -> None:
        """Enter the class into the index by its type."""
        super().__init_subclass__()
        name = vars(cls).get("type")
        if name is not None and _CLASSES.setdefault(name, cls) is not cls:
            raise TypeError(f"{cls.__name__} and {_CLASSES[name].__name__} both have the type {name}")

    def data(self) -> dict[str, object]:
        """The event's own fields as JSON values; decimals and times as strings."""
        return {
            field.name: as_json(getattr(self, field.name))
            for field in fields(self)
            if field.name not in ENVELOPE
        }


def event_class(name: str) -> type[Event]:
    """The class of a type string; UnknownEventType when there is none."""
    try:
        return _CLASSES[name]
    except KeyError:
        raise UnknownEventType(f"no event class has the type {name}") from None


def is_event_type(text: str) -> bool:
    """Whether this is the type string of an event."""
    return text in _CLASSES


def as_json(value: object) -> object:
    """A JSON value that loses nothing: decimals and ids as strings, times in RFC 3339."""
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return as_json(value.value)
        case str():
            return value
        case Decimal():
            return format(value, "f")
        case UUID():
            return str(value)
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case dt.date():
            return value.isoformat()
        case Mapping():
            return {str(key): as_json(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [as_json(item) for item in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} has no place in an event")
