"""Appending: the events of one transaction become rows of the log, in one statement.

One rule: the canonical text (RFC 8785) is made here, once, and stored exactly as it was hashed.

The server reads the columns out of that text, so that a row and its hash cannot differ; only the trace that the
call belongs to stands beside it. The answer that is kept
under the call's idempotency key goes into the same statement.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import rfc8785
from sqlalchemy import text

from core.access.actor import Actor
from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.db.idempotency import STORE, KeyedResponse
from core.db.pending import ALL_SWAPPED, Write
from core.kernel.ids import EventId, new_id
from core.log.events import Event
from core.log.personal import PersonalKeys, PersonalWriter

_APPEND = f"""
    INSERT INTO audit_events (
        id, occurred_at, type, actor, actor_kind, on_behalf_of, channel, chat_id, message_id, subject_kind,
        subject_id, subject_version, request_id, correlation_id, causation_id, data, canonical, digest, traceparent
    )
    SELECT event.*, given.canonical, given.digest, nullif(CAST(:traceparent AS text), '')
    FROM unnest(CAST(:canonical AS text[]), CAST(:digest AS bytea[])) WITH ORDINALITY
        AS given (canonical, digest, place)
    CROSS JOIN LATERAL jsonb_to_record(CAST(given.canonical AS jsonb)) AS event (
        id uuid, occurred_at timestamptz, type text, actor text, actor_kind text, on_behalf_of uuid, channel text,
        chat_id text, message_id text, subject_kind text, subject_id uuid, subject_version integer,
        request_id uuid, correlation_id text, causation_id uuid, data jsonb
    )
    WHERE {ALL_SWAPPED}
    ORDER BY given.place
"""
_EVENTS = Prebuilt(text(_APPEND))
_RESPONSE = Prebuilt(text(STORE))
_KEYS = PersonalKeys()
_OUT_OF_THE_ORDINARY = re.compile(
    r"(?:\":|[\[,])-?(?:\d{16}|\d+[.eE]|NaN|Infinity)|[\ud800-\udfff\U00010000-\U0010ffff]"
)
"""A number that is no small integer, or a sign beyond the first plane: where RFC 8785 and ``json`` may differ."""


@dataclass(frozen=True)
class RecordedEvent:
    """An event with its envelope, waiting for the transaction's one INSERT."""

    id: EventId
    occurred_at: dt.datetime
    actor: Actor
    event: Event
    cause: EventId | None

    def canonical(self, personal: PersonalWriter | None = None) -> str:
        """The canonical text of the envelope and the data; its keys are the columns of ``audit_events``.

        Chat and message are written as commitments by ``personal``, and not at all without it.
        """
        event, actor = self.event, self.actor
        evidence = actor.evidence if personal is not None else None
        return canonical_text(
            {
                "id": self.id,
                "occurred_at": self.occurred_at,
                "type": event.type,
                "actor": actor.label,
                "actor_kind": actor.kind.value,
                "on_behalf_of": event.on_behalf_of,
                "channel": actor.channel.value,
                "chat_id": personal.commit(self.id, "chat_id", evidence.chat_id)
                if personal is not None and evidence is not None
                else None,
                "message_id": personal.commit(self.id, "message_id", evidence.message_id)
                if personal is not None and evidence is not None
                else None,
                "subject_kind": str(event.subject_kind),
                "subject_id": event.subject_id,
                "subject_version": event.subject_version,
                "request_id": event.request_id,
                "correlation_id": actor.correlation_id,
                "causation_id": self.cause,
                "data": event.data(),
            }
        )


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
    usual = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if _OUT_OF_THE_ORDINARY.search(usual) is None:
        return usual
    return rfc8785.dumps(plain).decode()  # type: ignore[arg-type]


async def _personal_writer(connection: Connection, actor: Actor) -> PersonalWriter | None:
    """None when nothing personal is to be written: the events of one transaction have one actor."""
    return await _KEYS.writer(connection, actor) if actor.evidence is not None else None


def wrap_event(event: Event, actor: Actor, now: dt.datetime, cause: EventId | None) -> RecordedEvent:
    return RecordedEvent(EventId(new_id()), now, actor, event, cause)


async def append(
    connection: Connection, recorded: Sequence[RecordedEvent], response: KeyedResponse | None = None
) -> None:
    """Insert the rows in the order in which they were recorded, and the answer under its key, in one statement.

    What the call changed and did not send yet goes into the same statement.
    """
    if recorded:
        personal = await _personal_writer(connection, recorded[0].actor)
        texts = [item.canonical(personal) for item in recorded]
        digests = [hashlib.sha256(each.encode()).digest() for each in texts]
        facts = {"canonical": texts, "digest": digests, "traceparent": recorded[0].actor.traceparent}
        await connection.later(Write(_EVENTS, facts, "audit_events"))
        if personal is not None:
            await connection.later(personal.write())
    if response is not None:
        await connection.later(Write(_RESPONSE, response.columns(), "idempotency_keys"))
    await connection.flush()
