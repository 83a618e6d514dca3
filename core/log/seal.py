"""Sealing: committed events get a gap-free position, a chain hash, and one delivery per subscriber.

One rule: every unsealed row is taken, in the order of seq; "seq greater than the last one" would lose rows that were
committed late.

Any number of relays may try; an advisory lock lets one of them seal at a time.
"""

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, text, update

from core.db.connection import Connection
from core.kernel.ids import new_id
from core.log.tables import audit_events, deliveries

LOCK = 0x7365616C  # "seal"
BATCH = 1000
GENESIS = bytes(32)

_E = audit_events.c
_TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(:lock)")
_UNSEALED = (
    select(_E.id, _E.type, _E.channel, _E.subject_kind, _E.subject_id, _E.digest)
    .where(_E.position.is_(None))
    .order_by(_E.seq)
    .limit(BATCH)
)
"""Built once, like every statement that an idle relay runs all the time."""


@dataclass(frozen=True)
class Subscriptions:
    """The names of the subscribers of each event type.

    ``projections`` count everything anew for each event: of events that are sealed together they get only the last.
    Events of the channel ``seed`` are history and go to the projections alone.
    """

    by_event_type: Mapping[str, Sequence[str]]
    projections: Collection[str] = ()

    def subscribers_of(self, event_type: str, channel: str) -> Sequence[str]:
        """The subscribers of one event."""
        subscribers = self.by_event_type.get(event_type, ())
        return (
            [name for name in subscribers if name in self.projections] if channel == "seed" else subscribers
        )


@dataclass(frozen=True)
class SealResult:
    """How many events one transaction sealed, and the deliveries it made."""

    events: int
    delivery_ids: tuple[UUID, ...]


def next_link(chain: bytes, digest: bytes) -> bytes:
    """The chain's next value: SHA-256 over the one before and the event's digest."""
    return hashlib.sha256(chain + digest).digest()


async def seal(connection: Connection, subscriptions: Subscriptions, now: dt.datetime) -> SealResult:
    """Seal up to ``BATCH`` events; none while another relay is sealing."""
    if not await connection.scalar(_TRY_LOCK, {"lock": LOCK}):
        return SealResult(0, ())
    rows = (await connection.execute(_UNSEALED)).all()
    if not rows:
        return SealResult(0, ())
    last, chain = await _head(connection)
    links, due = [], []
    for position, row in enumerate(rows, start=last + 1):
        chain = next_link(chain, row.digest)
        links.append({"event": row.id, "at": position, "link": chain})
        due += _deliveries(row, position, subscriptions, now)
    due = _without_repetition(due, subscriptions.projections)
    await connection.execute(
        update(audit_events)
        .where(_E.id == bindparam("event"))
        .values(position=bindparam("at"), chain=bindparam("link")),
        links,
    )
    if due:
        await connection.execute(insert(deliveries), due)
    return SealResult(len(rows), tuple(row["id"] for row in due))


async def _head(connection: Connection) -> tuple[int, bytes]:
    """The last position and its chain value."""
    row = (
        await connection.execute(
            select(_E.position, _E.chain)
            .where(_E.position.is_not(None))
            .order_by(_E.position.desc())
            .limit(1)
        )
    ).one_or_none()
    return (row.position, row.chain) if row else (0, GENESIS)


def _deliveries(
    row: Any, position: int, subscriptions: Subscriptions, now: dt.datetime
) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "event_id": row.id,
            "position": position,
            "event_type": row.type,
            "subscriber": name,
            "subject": f"{row.subject_kind}:{row.subject_id}",
            "due_at": now,
            "updated_at": now,
        }
        for name in subscriptions.subscribers_of(row.type, row.channel)
    ]


def _without_repetition(due: list[dict[str, Any]], projections: Collection[str]) -> list[dict[str, Any]]:
    """For each projection only its last delivery."""
    last = {row["subscriber"]: row["id"] for row in due if row["subscriber"] in projections}
    return [row for row in due if last.get(row["subscriber"], row["id"]) == row["id"]]
