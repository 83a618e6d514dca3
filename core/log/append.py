"""Appending: the events of one transaction become rows of the log, in one statement.

One rule: the canonical text (RFC 8785) is made here, once, and stored exactly as it was hashed.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import rfc8785

from core.access.actor import Actor
from core.db.connection import Connection
from core.kernel.ids import EventId, new_id
from core.log.events import Event
from core.log.tables import audit_events


@dataclass(frozen=True)
class RecordedEvent:
    """An event with its envelope, waiting for the transaction's one INSERT."""

    id: EventId
    occurred_at: dt.datetime
    actor: Actor
    event: Event
    cause: EventId | None

    def row(self) -> dict[str, object]:
        """The columns of ``audit_events``, with canonical text and digest."""
        event, actor = self.event, self.actor
        envelope: dict[str, object] = {
            "id": self.id,
            "occurred_at": self.occurred_at,
            "type": event.type,
            "actor": actor.label,
            "actor_kind": actor.kind.value,
            "on_behalf_of": event.on_behalf_of,
            "channel": actor.channel.value,
            "chat_id": actor.evidence.chat_id if actor.evidence else None,
            "message_id": actor.evidence.message_id if actor.evidence else None,
            "subject_kind": str(event.subject_kind),
            "subject_id": event.subject_id,
            "subject_version": event.subject_version,
            "request_id": event.request_id,
            "correlation_id": actor.correlation_id,
            "causation_id": self.cause,
            "data": event.data(),
        }
        canonical = canonical_text(envelope)
        return {**envelope, "canonical": canonical, "digest": hashlib.sha256(canonical.encode()).digest()}


def canonical_text(envelope: dict[str, object]) -> str:
    """RFC 8785 text of an event's envelope and data; ids and times as strings."""
    plain: dict[str, object] = {}
    for name, value in envelope.items():
        if isinstance(value, UUID):
            plain[name] = str(value)
        elif isinstance(value, dt.datetime):
            plain[name] = value.astimezone(dt.UTC).isoformat()
        else:
            plain[name] = value
    return rfc8785.dumps(plain).decode()  # type: ignore[arg-type]


def wrap_event(event: Event, actor: Actor, now: dt.datetime, cause: EventId | None) -> RecordedEvent:
    return RecordedEvent(EventId(new_id()), now, actor, event, cause)


async def append(connection: Connection, recorded: Sequence[RecordedEvent]) -> None:
    """Insert the rows in the order in which they were recorded."""
    if recorded:
        await connection.execute(audit_events.insert(), [item.row() for item in recorded])
