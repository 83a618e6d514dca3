"""An event as it stands in the log, and the way back to the dataclass that was recorded.

One rule: the log is older than the code, so a field that was added later has a default, and a field that was
removed is ignored.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select

from core.db.connection import Connection, Row
from core.log.events import ENVELOPE, Event, event_class
from core.log.tables import audit_events

_READERS: dict[type[Event], TypeAdapter[Event]] = {}


class UndecodableEvent(ValueError):
    """The stored data does not have the fields or the types of its class; names the fields, never their values."""


@dataclass(frozen=True)
class StoredEvent:
    """One row of the log: the envelope, and the event's own fields as JSON values."""

    id: UUID
    type: str
    occurred_at: dt.datetime
    actor: str
    channel: str
    subject_kind: str
    subject_id: UUID
    subject_version: int
    request_id: UUID | None
    on_behalf_of: UUID | None
    data: dict[str, object]
    correlation_id: str
    position: int | None
    traceparent: str | None = None

    def decode(self) -> Event:
        """The event as it was recorded; UnknownEventType or UndecodableEvent when it cannot be read."""
        kind = event_class(self.type)
        envelope = {name: getattr(self, name) for name in ENVELOPE}
        try:
            return _reader_of(kind).validate_python({**self.data, **envelope})
        except ValidationError as error:
            wrong = sorted({".".join(map(str, each["loc"])) for each in error.errors(include_input=False)})
            raise UndecodableEvent(f"{self.type}: cannot read {', '.join(wrong)}") from None


def _reader_of(kind: type[Event]) -> TypeAdapter[Event]:
    """What turns JSON values into the types of the class's fields; built once per class."""
    if kind not in _READERS:
        _READERS[kind] = TypeAdapter(kind)
    return _READERS[kind]


def event_of(row: Row, event_id: UUID) -> StoredEvent:
    """The event from a row that has its columns."""
    return StoredEvent(
        id=event_id,
        type=row.type,
        occurred_at=row.occurred_at,
        actor=row.actor,
        channel=row.channel,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        subject_version=row.subject_version,
        request_id=row.request_id,
        on_behalf_of=row.on_behalf_of,
        data=row.data,
        correlation_id=row.correlation_id,
        position=row.position,
        traceparent=row.traceparent,
    )


async def read_event(connection: Connection, event_id: UUID) -> StoredEvent:
    """The event that a delivery is about."""
    row = (await connection.execute(select(audit_events).where(audit_events.c.id == event_id))).one()
    return event_of(row, event_id)
