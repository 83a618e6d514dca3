"""What an event is: a frozen dataclass with a type, a subject, and flat data.

One rule: an event says what happened, in the past tense, and never a price that is still sealed.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import ClassVar
from uuid import UUID

_ENVELOPE = frozenset({"subject_id", "subject_version", "request_id", "on_behalf_of"})


@dataclass(frozen=True, kw_only=True)
class Event:
    """The base: subclasses set ``type`` and ``subject_kind`` and add their data as fields."""

    type: ClassVar[str]
    subject_kind: ClassVar[str]
    subject_id: UUID
    subject_version: int
    request_id: UUID | None = None
    on_behalf_of: UUID | None = None

    def data(self) -> dict[str, object]:
        """The event's own fields as JSON values; decimals and times as strings."""
        return {
            field.name: as_json(getattr(self, field.name))
            for field in fields(self)
            if field.name not in _ENVELOPE
        }


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
