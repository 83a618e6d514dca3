"""Sealing: committed events get a gap-free position, a chain hash, and one delivery per subscriber.

One rule: every unsealed row is taken, in the order of seq; "seq greater than the last one" would lose rows that were
committed late.

Any number of relays may try; an advisory lock lets one of them seal at a time.
"""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
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
    literal_column,
    select,
    text,
    true,
    tuple_,
    update,
)

from core.db.base import Id, Moment
from core.db.compiled import Prebuilt
from core.db.connection import Connection, Row
from core.kernel.ids import new_id
from core.log.deliveries import PURCHASE
from core.log.tables import audit_events, deliveries

LOCK = 0x7365616C  # "seal"
BATCH = 1000
GENESIS = bytes(32)

_E = audit_events.c
_D = deliveries.c
_TRY_LOCK = Prebuilt(text("SELECT pg_try_advisory_xact_lock(:lock)"))
_HEAD = (
    select(_E.position, _E.chain)
    .where(_E.position.is_not(None))
    .order_by(_E.position.desc())
    .limit(literal_column("1"))
    .subquery("head")
)
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
        func.coalesce(_HEAD.c.position, 0).label("head"),
        _HEAD.c.chain.label("head_chain"),
    )
    .select_from(audit_events.outerjoin(_HEAD, true()))
    .where(_E.position.is_(None))
    .order_by(_E.seq)
    .limit(BATCH)
)
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
_NOW = bindparam("now", type_=Moment)
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
    .values(state="skipped", updated_at=_NOW)
    .cte("skipped")
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
}
_WRITE = Prebuilt(
    insert(deliveries)
    .from_select(
        [*_COLUMNS, "updated_at"],
        select(
            *(func.unnest(bindparam(f"new_{name}", type_=ARRAY(kind))) for name, kind in _COLUMNS.items()),
            _NOW,
        ),
    )
    .add_cte(_SEALED, _SKIPPED)
)
"""Seal the events, skip what the new deliveries cover, and add those: one round trip."""


@dataclass(frozen=True)
class Subscriptions:
    """The names of the subscribers of each event type.

    ``projections`` take all events together: of events that are sealed together they get only the last. Those in
    ``per_purchase`` show how a purchase is now: a later event of it takes the place of one that is still due.
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
    """How many events one transaction sealed, and the deliveries it made."""

    events: int
    deliveries: tuple[NewDelivery, ...]

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
    chain = rows[0].head_chain or GENESIS
    chains = []
    for row in rows:
        chain = next_link(chain, row.digest)
        chains.append(chain)
    first = rows[0].head + 1
    made = [
        delivery
        for position, row in enumerate(rows, first)
        for delivery in _deliveries(row, position, subscriptions, now)
    ]
    made = _folded(made, subscriptions)
    links = {
        "events": [row.id for row in rows],
        "positions": list(range(first, first + len(rows))),
        "chains": chains,
    }
    covered = _covered(made, subscriptions)
    added = _added(made, now, hand_out=hand_out)
    await connection.execute(_WRITE, {**links, **covered, **added, "now": now})
    return SealResult(
        len(rows),
        tuple(NewDelivery(each.id, each.subscriber, hand_out and each.due_at <= now) for each in made),
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


def _deliveries(
    row: Row, position: int, subscriptions: Subscriptions, now: dt.datetime
) -> Iterator[_Delivery]:
    for name in subscriptions.subscribers_of(row.type, row.channel):
        whole = name in subscriptions.per_purchase and row.request_id is not None
        subject = f"{PURCHASE}{row.request_id}" if whole else f"{row.subject_kind}:{row.subject_id}"
        delay = subscriptions.delays.get((name, row.type))
        due_at = now if delay is None else max(now, row.occurred_at + delay)
        yield _Delivery(new_id(), row.id, position, row.type, name, subject, due_at)


def _folded(made: list[_Delivery], subscriptions: Subscriptions) -> list[_Delivery]:
    """Of each projection, and of each purchase for those who show it, only the last delivery."""
    last: dict[tuple[str, str], UUID] = {}
    for each in made:
        last[_stands_for(each, subscriptions)] = each.id
    return [each for each in made if last[_stands_for(each, subscriptions)] == each.id]


def _stands_for(delivery: _Delivery, subscriptions: Subscriptions) -> tuple[str, str]:
    """What a later delivery makes superfluous; itself for a subscriber that needs every event."""
    if delivery.subscriber in subscriptions.projections:
        return delivery.subscriber, ""
    if _is_whole(delivery, subscriptions):
        return delivery.subscriber, delivery.subject
    return delivery.subscriber, str(delivery.id)


def _is_whole(delivery: _Delivery, subscriptions: Subscriptions) -> bool:
    return delivery.subscriber in subscriptions.per_purchase and delivery.subject.startswith(PURCHASE)


def _covered(made: list[_Delivery], subscriptions: Subscriptions) -> dict[str, list[str]]:
    """What is still due for these subscribers and purchases is covered by the new deliveries."""
    covered = sorted({(each.subscriber, each.subject) for each in made if _is_whole(each, subscriptions)})
    return {
        "subscribers": [subscriber for subscriber, _ in covered],
        "subjects": [subject for _, subject in covered],
    }


def _added(made: list[_Delivery], now: dt.datetime, *, hand_out: bool) -> dict[str, list[Any]]:
    """The columns of the new rows."""
    columns = {f"new_{field.name}": [getattr(each, field.name) for each in made] for field in fields(_Delivery)}
    sent = [now if hand_out and each.due_at <= now else None for each in made]
    return {**columns, "new_enqueued_at": sent}
