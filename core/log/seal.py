"""Sealing: committed events get a gap-free position, a chain hash, and one delivery per subscriber.

One rule: every unsealed row is taken, in the order of seq; "seq greater than the last one" would lose rows that were
committed late.

Any number of relays may try; an advisory lock lets one of them seal at a time.
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    LargeBinary,
    String,
    bindparam,
    func,
    insert,
    select,
    text,
    tuple_,
    update,
)

from core.db.base import Id, Moment
from core.db.compiled import Prebuilt
from core.db.connection import Connection, Row
from core.kernel.ids import new_id
from core.log.deliveries import PURCHASE, WHOLE_LOG
from core.log.tables import audit_events, deliveries

LOCK = 0x7365616C  # "seal"
BATCH = 1000
GENESIS = bytes(32)

_E = audit_events.c
_D = deliveries.c
_TRY_LOCK = Prebuilt(text("SELECT pg_try_advisory_xact_lock(:lock)"))
_HEAD = select(_E.position, _E.chain).where(_E.position.is_not(None)).order_by(_E.position.desc()).limit(1)
_UNSEALED = Prebuilt(
    select(
        _E.id,
        _E.type,
        _E.channel,
        _E.subject_kind,
        _E.subject_id,
        _E.request_id,
        _E.occurred_at,
        _E.digest,
        _HEAD.with_only_columns(_E.position).scalar_subquery().label("last_position"),
        _HEAD.with_only_columns(_E.chain).scalar_subquery().label("last_chain"),
    )
    .where(_E.position.is_(None))
    .order_by(_E.seq)
    .limit(BATCH)
)
"""Each with the position and the chain value of the last sealed event; both are null in an empty log."""
_LINKS = select(
    func.unnest(bindparam("events", type_=ARRAY(Id))).label("event"),
    func.unnest(bindparam("positions", type_=ARRAY(BigInteger))).label("at"),
    func.unnest(bindparam("chains", type_=ARRAY(LargeBinary))).label("link"),
).subquery("links")
_SEALED = (
    update(audit_events)
    .where(_E.id == _LINKS.c.event)
    .values(position=_LINKS.c.at, chain=_LINKS.c.link)
    .cte("sealed")
)
_COLUMNS: Mapping[str, Any] = {
    "id": Id,
    "event_id": Id,
    "position": BigInteger,
    "event_type": String,
    "subscriber": String,
    "subject": String,
    "due_at": Moment,
    "enqueued_at": Moment,
    "updated_at": Moment,
}
_SKIPPED = (
    update(deliveries)
    .where(
        tuple_(_D.subscriber, _D.subject).in_(
            select(
                func.unnest(bindparam("subscribers", type_=ARRAY(String))),
                func.unnest(bindparam("subjects", type_=ARRAY(String))),
            )
        ),
        _D.state == "due",
    )
    .values(state="skipped", updated_at=bindparam("now", type_=Moment))
    .cte("skipped")
)
_SEAL = Prebuilt(
    insert(deliveries)
    .from_select(
        list(_COLUMNS),
        select(*(func.unnest(bindparam(name, type_=ARRAY(kind))) for name, kind in _COLUMNS.items())),
    )
    .add_cte(_SEALED, _SKIPPED)
)
"""Seals the events, skips the deliveries that new ones cover, and adds the new ones."""


@dataclass(frozen=True)
class Subscriptions:
    """The names of the subscribers of each event type.

    ``projections`` take all events together, those in ``per_purchase`` show how a purchase is now: a later event (of
    the purchase) takes the place of one that is still due, so one delivery is open at a time.
    Events of the channel ``seed`` are history and go to the projections alone. ``delays`` is how long a subscriber
    waits for somebody who may handle an event of this type before.
    """

    by_event_type: Mapping[str, Sequence[str]]
    projections: Collection[str] = ()
    per_purchase: Collection[str] = ()
    delays: Mapping[tuple[str, str], dt.timedelta] = field(default_factory=dict)

    def subscribers_of(self, event_type: str, channel: str) -> Sequence[str]:
        """The subscribers of one event."""
        subscribers = self.by_event_type.get(event_type, ())
        return (
            [name for name in subscribers if name in self.projections] if channel == "seed" else subscribers
        )


@dataclass(frozen=True)
class NewDelivery:
    """A delivery that sealing made; ``handed_out`` when the caller sends a hint for it."""

    id: UUID
    subscriber: str
    handed_out: bool


@dataclass(frozen=True)
class SealResult:
    """How many events one transaction sealed, in all and by type, and the deliveries it made."""

    events: int
    deliveries: tuple[NewDelivery, ...]
    by_type: Mapping[str, int] = field(default_factory=dict)

    @property
    def delivery_ids(self) -> tuple[UUID, ...]:
        return tuple(each.id for each in self.deliveries)


NOTHING_SEALED = SealResult(0, ())


def next_link(chain: bytes, digest: bytes) -> bytes:
    """The chain's next value: SHA-256 over the one before and the event's digest."""
    return hashlib.sha256(chain + digest).digest()


async def seal(
    connection: Connection, subscriptions: Subscriptions, now: dt.datetime, *, hand_out: bool = False
) -> SealResult:
    """Seal up to ``BATCH`` events; none while another relay is sealing.

    With ``hand_out`` the deliveries that are due at once are marked as sent to the queue: the caller sends them
    after its commit.
    """
    if not await connection.scalar(_TRY_LOCK, {"lock": LOCK}):
        return NOTHING_SEALED
    rows = (await connection.execute(_UNSEALED)).all()
    if not rows:
        return NOTHING_SEALED
    last, chain = rows[0].last_position or 0, rows[0].last_chain or GENESIS
    chains = []
    for row in rows:
        chain = next_link(chain, row.digest)
        chains.append(chain)
    positions = range(last + 1, last + 1 + len(rows))
    made = _folded(
        [
            delivery
            for row, position in zip(rows, positions, strict=True)
            for delivery in _deliveries(row, position, subscriptions, now)
        ]
    )
    sent = [hand_out and each.due_at <= now for each in made]
    links = {"events": [row.id for row in rows], "positions": list(positions), "chains": chains}
    added = {**_columns(made), "enqueued_at": [now if each else None for each in sent]}
    await connection.execute(_SEAL, {**links, **_covered(made), **added, "now": now})
    handed_out = zip(made, sent, strict=True)
    return SealResult(
        len(rows),
        tuple(NewDelivery(each.id, each.subscriber, out) for each, out in handed_out),
        Counter(row.type for row in rows),
    )


@dataclass(frozen=True)
class _Delivery:
    """A row of ``deliveries`` before it is written."""

    id: UUID
    event_id: UUID
    position: int
    event_type: str
    subscriber: str
    subject: str
    due_at: dt.datetime
    updated_at: dt.datetime
    covers_older: bool
    """Whether nobody waits any more for an older one of this subscriber and subject that is still due."""


def _deliveries(
    row: Row, position: int, subscriptions: Subscriptions, now: dt.datetime
) -> Iterator[_Delivery]:
    for name in subscriptions.subscribers_of(row.type, row.channel):
        delay = subscriptions.delays.get((name, row.type))
        due_at = now if delay is None else max(now, row.occurred_at + delay)
        whole = _whole(row, name, subscriptions)
        subject = whole or f"{row.subject_kind}:{row.subject_id}"
        yield _Delivery(
            new_id(), row.id, position, row.type, name, subject, due_at, now, covers_older=whole is not None
        )


def _whole(row: Row, subscriber: str, subscriptions: Subscriptions) -> str | None:
    """What a delivery of this event stands for; None when this subscriber needs every event."""
    if subscriber in subscriptions.projections:
        return WHOLE_LOG
    if subscriber in subscriptions.per_purchase and row.request_id is not None:
        return f"{PURCHASE}{row.request_id}"
    return None


def _folded(made: Sequence[_Delivery]) -> list[_Delivery]:
    """Without those that a later one covers."""
    newest = {(each.subscriber, each.subject): each.id for each in made}
    return [
        each for each in made if not each.covers_older or newest[each.subscriber, each.subject] == each.id
    ]


def _covered(made: Sequence[_Delivery]) -> dict[str, list[str]]:
    """The subscribers and subjects of which older deliveries are covered."""
    covering = [each for each in made if each.covers_older]
    return {
        "subscribers": [each.subscriber for each in covering],
        "subjects": [each.subject for each in covering],
    }


def _columns(made: Sequence[_Delivery]) -> dict[str, list[Any]]:
    return {name: [getattr(each, name) for each in made] for name in _COLUMNS if name != "enqueued_at"}
