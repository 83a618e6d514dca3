"""Deliveries: the events that each subscriber still has to handle, leased and retried from PostgreSQL, not Redis.

One rule: a delivery is claimed just before it runs (attempt counted, lease and fencing number written, committed),
and only the holder of its newest fencing number may finish it.

A subscriber receives the events of one subject in the order of the log. A parked delivery counts as finished.
"""

import datetime as dt
import random
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from core.db.base import Moment
from core.db.connection import Connection
from core.kernel.subjects import SubjectKind
from core.log.events import Event
from core.log.stored import StoredEvent
from core.log.tables import audit_events, deliveries

LEASE = dt.timedelta(seconds=60)
MAX_UNANSWERED = 5
PAUSES = (1, 5, 30, 120, 600, 1800, 7200, 18_000, 36_000, 86_400)
"""Seconds between attempts; after the last one the delivery is parked."""

_D = deliveries.c
_OPEN = ("due", "running")
_FENCE: ColumnElement[int] = literal_column("0", Integer)
"""As an offset: PostgreSQL looks up each row by itself and never compares each open delivery with each other one."""


@dataclass(frozen=True)
class ClaimedDelivery:
    """A delivery that only this worker may run now."""

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
    """Why an attempt failed; ``retry_after`` in seconds if the receiver named it; a ``final`` one is not retried."""

    why: str
    retry_after: float | None = None
    final: bool = False


async def claim(connection: Connection, delivery_id: UUID, now: dt.datetime) -> ClaimedDelivery | None:
    """Take one delivery; None when it is not due, runs elsewhere, or an earlier one of its subject is open."""
    facts = {"delivery": delivery_id, "now": now, "lease": now + LEASE}
    row = (await connection.execute(_CLAIM, facts)).one_or_none()
    return ClaimedDelivery(*row) if row else None


def _ready() -> ColumnElement[bool]:
    """Due at ``now``, or its worker's lease has expired. A bind parameter, so that each statement is built once."""
    now = bindparam("now", type_=Moment)
    return or_(
        and_(_D.state == "due", _D.due_at <= now),
        and_(_D.state == "running", _D.leased_until <= now, _D.unanswered < MAX_UNANSWERED),
    )


def _claimable() -> ColumnElement[bool]:
    """Ready, and no earlier delivery of the same subject is open."""
    before = deliveries.alias("before")
    earlier = exists(
        select(before.c.id)
        .where(
            before.c.subscriber == _D.subscriber,
            before.c.subject == _D.subject,
            before.c.position < _D.position,
            before.c.state.in_(_OPEN),
        )
        .offset(_FENCE)
    )
    return and_(_ready(), ~earlier)


def _to_hint() -> ColumnElement[bool]:
    """Not in Redis: never sent, sent before ``again`` and possibly lost, or due again since it was sent."""
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


async def has_later_event(connection: Connection, subscriber: str, event: StoredEvent) -> bool:
    """Whether this subscriber still has to handle a later event of the same purchase."""
    open_delivery = exists(
        select(_D.id)
        .where(_D.event_id == audit_events.c.id, _D.subscriber == subscriber, _D.state.in_(_OPEN))
        .offset(_FENCE)
    )
    later = select(audit_events.c.id).where(
        audit_events.c.request_id == event.request_id, audit_events.c.position > event.position, open_delivery
    )
    return event.request_id is not None and bool(await connection.scalar(select(exists(later))))


async def finish(connection: Connection, claimed: ClaimedDelivery, now: dt.datetime) -> bool:
    """Mark as done; false when another worker has claimed it since."""
    result = await connection.execute(
        update(deliveries)
        .where(_D.id == claimed.id, _D.fence == claimed.fence, _D.state == "running")
        .values(state="done", unanswered=0, leased_until=None, last_error=None, updated_at=now)
    )
    return result.rowcount == 1


async def fail(
    connection: Connection, claimed: ClaimedDelivery, failure: DeliveryFailure, now: dt.datetime
) -> bool:
    """Schedule the next attempt, or park; true when it was parked."""
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


async def postpone(connection: Connection, claimed: ClaimedDelivery, until: dt.datetime, why: str) -> None:
    """Run again at ``until``; this does not count as an attempt."""
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
    """Seconds until the next attempt: the schedule's pause, give or take a tenth."""
    seconds = PAUSES[min(attempts, len(PAUSES)) - 1]
    return seconds * random.uniform(0.9, 1.1)


async def subscribers_with_due(
    connection: Connection, now: dt.datetime, resend_before: dt.datetime
) -> Set[str]:
    """The subscribers that have something to put into Redis; the only query while nothing happens."""
    return set(await connection.scalars(_WAITING, {"now": now, "again": resend_before}))


async def take_due(
    connection: Connection,
    subscribers: Collection[str],
    now: dt.datetime,
    limit: int,
    resend_before: dt.datetime,
) -> Sequence[UUID]:
    """The ids of deliveries to put into Redis, oldest first; they are marked as sent.

    They are due, or their worker died. What was sent before ``resend_before`` may be lost and is sent again.
    """
    facts = {"subscribers": subscribers, "now": now, "again": resend_before, "room": limit}
    rows = await connection.execute(_HINT, facts)
    return [row.id for row in sorted(rows, key=lambda row: row.position)]


async def in_flight(connection: Connection, subscribers: Collection[str], since: dt.datetime) -> int:
    """How many hints of these subscribers may be in Redis; an upper bound."""
    return int(await connection.scalar(_IN_FLIGHT, {"subscribers": subscribers, "since": since}) or 0)


async def park_poison(connection: Connection, now: dt.datetime) -> Sequence["DeliveryParked"]:
    """Park deliveries whose worker died five times in a row; returns the events to record."""
    rows = await connection.execute(_PARK_POISON, {"now": now})
    return [parked_event(row.id, row.subscriber, row.event_type, row.last_error) for row in rows]


async def replay(connection: Connection, delivery_id: UUID, now: dt.datetime) -> bool:
    """Make a parked delivery due and start its schedule again; false when it is not parked."""
    result = await connection.execute(
        update(deliveries)
        .where(_D.id == delivery_id, _D.state == "parked")
        .values(state="due", attempts=0, unanswered=0, due_at=now, enqueued_at=None, updated_at=now)
    )
    return result.rowcount == 1


@dataclass(frozen=True, kw_only=True)
class DeliveryParked(Event):
    """The schedule ended, or the receiver refused for good; an administrator may replay it."""

    type: ClassVar[str] = "delivery.parked"
    subject_kind: ClassVar[str] = SubjectKind.delivery
    subscriber: str
    event_type: str
    why: str


def parked_event(delivery_id: UUID, subscriber: str, event_type: str, why: str) -> DeliveryParked:
    """The event for a delivery that was parked."""
    return DeliveryParked(
        subject_id=delivery_id, subject_version=1, subscriber=subscriber, event_type=event_type, why=why[:300]
    )


@dataclass(frozen=True, kw_only=True)
class DeliveryReplayed(Event):
    type: ClassVar[str] = "delivery.replayed"
    subject_kind: ClassVar[str] = SubjectKind.delivery
    subscriber: str
    event_type: str
