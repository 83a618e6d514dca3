"""Deliveries: what each subscriber still has to hear, claimed with a lease, retried from here, never from Redis.

One rule: a delivery is claimed (attempt counted, lease and fencing number written, committed) just before it
runs, and finished only by whoever holds its newest fencing number. One subscriber hears of one subject in the
order of the log; a parked delivery counts as finished.
"""

import datetime as dt
import random
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.db.base import Moment
from core.log.events import Event
from core.log.tables import audit_events, deliveries

LEASE = dt.timedelta(seconds=60)
MAX_UNANSWERED = 5
PAUSES = (1, 5, 30, 120, 600, 1800, 7200, 18_000, 36_000, 86_400)
"""Seconds between attempts; after the last one the delivery is parked."""

_D = deliveries.c
_OPEN = ("due", "running")


@dataclass(frozen=True)
class ClaimedDelivery:
    """A delivery that this worker, and nobody else, may run now."""

    id: UUID
    fence: int
    subscriber: str
    event_id: UUID
    event_type: str
    subject: str
    position: int
    attempts: int


@dataclass(frozen=True)
class DeliveryFailure:
    """Why an attempt failed; ``retry_after`` when the receiver named a pause, ``final`` when it said never."""

    why: str
    retry_after: float | None = None
    final: bool = False


async def claim(connection: AsyncConnection, delivery_id: UUID, now: dt.datetime) -> ClaimedDelivery | None:
    """Take one delivery, or None when it is not due, running elsewhere, or not yet its turn."""
    facts = {"delivery": delivery_id, "now": now, "lease": now + LEASE}
    row = (await connection.execute(_CLAIM, facts)).one_or_none()
    return ClaimedDelivery(*row) if row else None


def _ready() -> ColumnElement[bool]:
    """At the moment ``now``; a part of statements that are built once, since they run again and again."""
    now = bindparam("now", type_=Moment)
    return or_(
        and_(_D.state == "due", _D.due_at <= now),
        and_(_D.state == "running", _D.leased_until <= now, _D.unanswered < MAX_UNANSWERED),
    )


def _claimable() -> ColumnElement[bool]:
    """Ready, and its turn."""
    before = deliveries.alias("before")
    earlier = exists(
        select(before.c.id).where(
            before.c.subscriber == _D.subscriber,
            before.c.subject == _D.subject,
            before.c.position < _D.position,
            before.c.state.in_(_OPEN),
        )
    )
    return and_(_ready(), ~earlier)


def _to_hint() -> ColumnElement[bool]:
    """Not in Redis: never put there, or so long ago (``again``) that it may have been lost, or due once more."""
    again = bindparam("again", type_=Moment)
    return or_(_D.enqueued_at.is_(None), _D.enqueued_at <= again, _D.enqueued_at < _D.due_at)


_OF_SUBSCRIBERS = _D.subscriber.in_(bindparam("subscribers", expanding=True))
_WAITING = select(_D.subscriber).where(_ready(), _to_hint()).distinct()
_DUE = (
    select(_D.id)
    .where(_OF_SUBSCRIBERS, _claimable(), _to_hint())
    .order_by(_D.position)
    .limit(bindparam("room"))
    .with_for_update(skip_locked=True)
)
_HINT = (
    update(deliveries)
    .where(_D.id.in_(_DUE))
    .values(enqueued_at=bindparam("now"))
    .returning(_D.id, _D.position)
)
_IN_FLIGHT = select(func.count()).select_from(
    select(_D.id)
    .where(_OF_SUBSCRIBERS, _D.state.in_(_OPEN), _D.enqueued_at > bindparam("since"))
    .limit(1001)
    .subquery()
)
_PARK_POISON = (
    update(deliveries)
    .where(_D.state == "running", _D.leased_until <= bindparam("now"), _D.unanswered >= MAX_UNANSWERED)
    .values(
        state="parked",
        last_error=case((_D.last_error.is_(None), "its worker died five times"), else_=_D.last_error),
        updated_at=bindparam("now"),
    )
    .returning(_D.id, _D.subscriber, _D.event_type, _D.last_error)
)
_CLAIM = (
    update(deliveries)
    .where(_D.id == bindparam("delivery"), _claimable())
    .values(
        state="running",
        attempts=_D.attempts + 1,
        unanswered=_D.unanswered + 1,
        fence=_D.fence + 1,
        leased_until=bindparam("lease"),
        updated_at=bindparam("now"),
    )
    .returning(
        _D.id,
        _D.fence,
        _D.subscriber,
        _D.event_id,
        _D.event_type,
        _D.subject,
        _D.position,
        _D.attempts,
    )
)


async def has_later_event(connection: AsyncConnection, subscriber: str, event: "StoredEvent") -> bool:
    """Whether a later event of the same purchase is still to come to this subscriber."""
    later = (
        select(_D.id)
        .join(audit_events, audit_events.c.id == _D.event_id)
        .where(
            audit_events.c.request_id == event.request_id,
            _D.subscriber == subscriber,
            _D.position > event.position,
            _D.state.in_(_OPEN),
        )
    )
    return event.request_id is not None and bool(await connection.scalar(select(exists(later))))


async def finish(connection: AsyncConnection, claimed: ClaimedDelivery, now: dt.datetime) -> bool:
    """Done; false when the lease was lost to somebody with a newer fencing number."""
    result = await connection.execute(
        update(deliveries)
        .where(_D.id == claimed.id, _D.fence == claimed.fence, _D.state == "running")
        .values(state="done", unanswered=0, leased_until=None, last_error=None, updated_at=now)
    )
    return result.rowcount == 1


async def fail(
    connection: AsyncConnection, claimed: ClaimedDelivery, failure: DeliveryFailure, now: dt.datetime
) -> bool:
    """Try again later, or park; true when it was parked."""
    parks = failure.final or claimed.attempts > len(PAUSES)
    named_pause = failure.retry_after
    pause = min(named_pause, PAUSES[-1]) if named_pause else _pause(claimed.attempts)
    result = await connection.execute(
        update(deliveries)
        .where(_D.id == claimed.id, _D.fence == claimed.fence, _D.state == "running")
        .values(
            state="parked" if parks else "due",
            unanswered=0,
            due_at=now + dt.timedelta(seconds=pause),
            leased_until=None,
            last_error=failure.why[:500],
            updated_at=now,
        )
    )
    return parks and result.rowcount == 1


async def postpone(
    connection: AsyncConnection, claimed: ClaimedDelivery, until: dt.datetime, why: str
) -> None:
    """Not yet: the receiver is not there at all; this does not count as an attempt."""
    await connection.execute(
        update(deliveries)
        .where(_D.id == claimed.id, _D.fence == claimed.fence, _D.state == "running")
        .values(
            state="due",
            attempts=_D.attempts - 1,
            unanswered=0,
            due_at=until,
            leased_until=None,
            last_error=why[:500],
        )
    )


def _pause(attempts: int) -> float:
    """The schedule's pause with a fifth of jitter."""
    seconds = PAUSES[min(attempts, len(PAUSES)) - 1]
    return seconds * random.uniform(0.9, 1.1)


async def subscribers_with_due(
    connection: AsyncConnection, now: dt.datetime, resend_before: dt.datetime
) -> Set[str]:
    """The subscribers with anything to put into Redis; all that is asked while nothing happens."""
    return set(await connection.scalars(_WAITING, {"now": now, "again": resend_before}))


async def take_due(
    connection: AsyncConnection,
    subscribers: Collection[str],
    now: dt.datetime,
    limit: int,
    resend_before: dt.datetime,
) -> Sequence[UUID]:
    """Deliveries to put into Redis: due, or left by a worker that died; marked so that they are not put twice.

    ``lane``: the subscribers whose deliveries they are. ``again``: what was put there before this moment may
    have been lost with Redis and is put once more.
    """
    facts = {"subscribers": subscribers, "now": now, "again": resend_before, "room": limit}
    rows = await connection.execute(_HINT, facts)
    return [row.id for row in sorted(rows, key=lambda row: row.position)]


async def in_flight(connection: AsyncConnection, subscribers: Collection[str], since: dt.datetime) -> int:
    """How many hints of these subscribers lie in Redis, at most; the rest waits in PostgreSQL."""
    return int(await connection.scalar(_IN_FLIGHT, {"subscribers": subscribers, "since": since}) or 0)


async def park_poison(connection: AsyncConnection, now: dt.datetime) -> Sequence["DeliveryParked"]:
    """Deliveries whose worker died five times in a row stop here; each is a fact to be recorded."""
    rows = await connection.execute(_PARK_POISON, {"now": now})
    return [parked_event(row.id, row.subscriber, row.event_type, row.last_error) for row in rows]


async def replay(connection: AsyncConnection, delivery_id: UUID, now: dt.datetime) -> bool:
    """A parked delivery starts its schedule again."""
    result = await connection.execute(
        update(deliveries)
        .where(_D.id == delivery_id, _D.state == "parked")
        .values(state="due", attempts=0, unanswered=0, due_at=now, enqueued_at=None, updated_at=now)
    )
    return result.rowcount == 1


async def read_event(connection: AsyncConnection, event_id: UUID) -> "StoredEvent":
    """The event that a delivery is about."""
    row = (await connection.execute(select(audit_events).where(audit_events.c.id == event_id))).one()
    return StoredEvent(
        id=row.id,
        type=row.type,
        occurred_at=row.occurred_at,
        actor=row.actor,
        channel=row.channel,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        subject_version=row.subject_version,
        request_id=row.request_id,
        data=row.data,
        correlation_id=row.correlation_id,
        position=row.position,
    )


@dataclass(frozen=True)
class StoredEvent:
    """An event as subscribers read it from the log."""

    id: UUID
    type: str
    occurred_at: dt.datetime
    actor: str
    channel: str
    subject_kind: str
    subject_id: UUID
    subject_version: int
    request_id: UUID | None
    data: dict[str, object]
    correlation_id: str
    position: int | None


@dataclass(frozen=True, kw_only=True)
class DeliveryParked(Event):
    """The schedule ended, or the receiver said never; an administrator may replay it."""

    type: ClassVar[str] = "delivery.parked"
    subject_kind: ClassVar[str] = "delivery"
    subscriber: str
    event_type: str
    why: str


def parked_event(delivery_id: UUID, subscriber: str, event_type: str, why: str) -> DeliveryParked:
    """The fact that a delivery stopped here."""
    return DeliveryParked(
        subject_id=delivery_id, subject_version=1, subscriber=subscriber, event_type=event_type, why=why[:300]
    )


@dataclass(frozen=True, kw_only=True)
class DeliveryReplayed(Event):
    type: ClassVar[str] = "delivery.replayed"
    subject_kind: ClassVar[str] = "delivery"
    subscriber: str
    event_type: str
