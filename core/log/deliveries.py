"""Deliveries: the events that each subscriber still has to handle, leased and retried from PostgreSQL, not Redis.

One rule: a delivery is claimed just before it runs (attempt counted, lease and fencing number written, committed),
and only the holder of its newest fencing number may finish it.

A subscriber receives the events of one subject in the order of the log. A parked delivery counts as finished. What
is finished makes room for the next of its subject, which is claimed in the same statement.
"""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    and_,
    any_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from core.db.base import Id, Moment
from core.db.compiled import Prebuilt
from core.db.connection import Connection, Row
from core.kernel.subjects import SubjectKind
from core.log.events import Event
from core.log.stored import StoredEvent, event_of
from core.log.tables import audit_events, deliveries

LEASE = dt.timedelta(seconds=60)
MAX_UNANSWERED = 5
PAUSES = (1, 5, 30, 120, 600, 1800, 7200, 18_000, 36_000, 86_400)
"""Seconds between attempts; after the last one the delivery is parked."""

_D = deliveries.c
_E = audit_events.c
OPEN_STATES = ("due", "running")
PURCHASE = "purchase:"
"""How the subject begins of a delivery that stands for a whole purchase."""
WHOLE_LOG = "log"
"""The subject of a delivery that stands for everything in the log up to its event."""
_ROW_BY_ROW: ColumnElement[int] = literal_column("0", Integer)
"""As an offset: PostgreSQL looks up each row by itself and never compares each open delivery with each other one."""


@dataclass(frozen=True)
class ClaimedDelivery:
    """A delivery that only this worker may run now, with the event that it is about."""

    id: UUID
    fence: int
    subscriber: str
    subject: str
    attempts: int
    event: StoredEvent


@dataclass(frozen=True)
class DeliveryFailure:
    """Why an attempt failed; ``retry_after`` in seconds if the receiver named it; a ``final`` one is not retried."""

    why: str
    retry_after: float | None = None
    final: bool = False


def ready() -> ColumnElement[bool]:
    """Due at ``now``, or its worker's lease has expired."""
    now = bindparam("now", type_=Moment)
    return or_(
        and_(_D.state == "due", _D.due_at <= now),
        and_(_D.state == "running", _D.leased_until <= now, _D.unanswered < MAX_UNANSWERED),
    )


def first_of_its_subject(besides: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
    """No earlier delivery of the same subject is open; ``besides`` takes some of ``before`` out of account."""
    earlier = select(_BEFORE.id).where(
        _BEFORE.subscriber == _D.subscriber,
        _BEFORE.subject == _D.subject,
        _BEFORE.position < _D.position,
        _BEFORE.state.in_(OPEN_STATES),
    )
    return ~exists((earlier if besides is None else earlier.where(besides)).offset(_ROW_BY_ROW))


_BEFORE = deliveries.alias("before").c


def _claim(condition: ColumnElement[bool]) -> ReturningUpdate[Any]:
    """Take the deliveries that meet the condition, each with its event."""
    return (
        update(deliveries)
        .where(condition, _E.id == _D.event_id)
        .values(
            state="running",
            attempts=_D.attempts + 1,
            unanswered=_D.unanswered + 1,
            fence=_D.fence + 1,
            leased_until=bindparam("lease", type_=Moment),
            updated_at=bindparam("now", type_=Moment),
        )
        .returning(
            _D.id,
            _D.fence,
            _D.subscriber,
            _D.subject,
            _D.attempts,
            _D.event_id,
            _D.position,
            _E.type,
            _E.occurred_at,
            _E.actor,
            _E.channel,
            _E.subject_kind,
            _E.subject_id,
            _E.subject_version,
            _E.request_id,
            _E.on_behalf_of,
            _E.data,
            _E.correlation_id,
            _E.traceparent,
        )
    )


_IDS = bindparam("ids", type_=ARRAY(Id))
_HELD = select(func.unnest(_IDS), func.unnest(bindparam("fences", type_=ARRAY(BigInteger))))
_FINISHED = (
    update(deliveries)
    .where(tuple_(_D.id, _D.fence).in_(_HELD), _D.state == "running")
    .values(
        state="done",
        unanswered=0,
        leased_until=None,
        last_error=None,
        updated_at=bindparam("now", type_=Moment),
    )
    .returning(_D.id, _D.subscriber, _D.subject)
    .cte("finished")
)
_RENEW = Prebuilt(
    update(deliveries)
    .where(tuple_(_D.id, _D.fence).in_(_HELD), _D.state == "running")
    .values(leased_until=bindparam("lease", type_=Moment))
)
_NEXT_SUBJECTS = select(_FINISHED.c.id).where(
    _FINISHED.c.subscriber == _D.subscriber, _FINISHED.c.subject == _D.subject
)
_DROP = update(deliveries).where(_D.id == any_(_IDS), _D.state == "due").values(enqueued_at=None)
_CLAIMED = _claim(
    and_(
        _D.id == any_(_IDS),
        or_(_D.unanswered == 0, bindparam("alone", type_=Boolean)),
        ready(),
        first_of_its_subject(),
    )
).cte("claimed")
_CLAIM = Prebuilt(select(_CLAIMED).add_cte(_DROP.where(_D.id.not_in(select(_CLAIMED.c.id))).cte("dropped")))
_FINISH_AND_CLAIM_NEXT = Prebuilt(
    _claim(
        and_(
            exists(_NEXT_SUBJECTS),
            _D.id.not_in(select(_FINISHED.c.id)),
            _D.unanswered == 0,
            ready(),
            first_of_its_subject(_BEFORE.id.not_in(select(_FINISHED.c.id))),
        )
    )
)
_DROP_HINTS = Prebuilt(_DROP)
_PARK_POISON = Prebuilt(
    update(deliveries)
    .where(
        _D.state == "running",
        _D.leased_until <= bindparam("now", type_=Moment),
        _D.unanswered >= MAX_UNANSWERED,
    )
    .values(
        state="parked",
        last_error=case((_D.last_error.is_(None), "its worker died five times"), else_=_D.last_error),
        updated_at=bindparam("now", type_=Moment),
    )
    .returning(_D.id, _D.subscriber, _D.event_type, _D.last_error)
)


async def claim(
    connection: Connection, delivery_ids: Sequence[UUID], now: dt.datetime
) -> list[ClaimedDelivery]:
    """Take those that are due, run nowhere else, and have no open earlier delivery of their subject.

    The hints of the others came too early: the relay sends new ones once they can be claimed. One whose last worker
    died is taken only when it is asked for alone, so that it drags no other one along.
    """
    facts = {"ids": delivery_ids, "alone": len(delivery_ids) == 1, "now": now, "lease": now + LEASE}
    return [_claimed(row) for row in await connection.execute(_CLAIM, facts)]


async def finish(
    connection: Connection, done: Sequence[ClaimedDelivery], now: dt.datetime
) -> list[ClaimedDelivery]:
    """Mark these as done, unless another worker has claimed them since; takes the next of each subject."""
    facts = {
        "ids": [each.id for each in done],
        "fences": [each.fence for each in done],
        "now": now,
        "lease": now + LEASE,
    }
    return [_claimed(row) for row in await connection.execute(_FINISH_AND_CLAIM_NEXT, facts)]


async def renew(connection: Connection, held: Sequence[ClaimedDelivery], now: dt.datetime) -> None:
    """Hold these longer, as far as they are still held."""
    facts = {
        "ids": [each.id for each in held],
        "fences": [each.fence for each in held],
        "lease": now + LEASE,
    }
    await connection.execute(_RENEW, facts)


async def drop_hints(connection: Connection, delivery_ids: Sequence[UUID]) -> None:
    """Redis did not take these hints: the relay sends them again."""
    await connection.execute(_DROP_HINTS, {"ids": delivery_ids})


def _claimed(row: Row) -> ClaimedDelivery:
    event = event_of(row, row.event_id)
    return ClaimedDelivery(row.id, row.fence, row.subscriber, row.subject, row.attempts, event)


_LATER = deliveries.alias("later").c
_COVERED = and_(
    or_(_D.subject.startswith(PURCHASE), _D.subject == WHOLE_LOG),
    exists(
        select(_LATER.id).where(
            _LATER.subscriber == _D.subscriber,
            _LATER.subject == _D.subject,
            _LATER.position > _D.position,
            _LATER.state == "due",
        )
    ),
)
"""A newer delivery stands for the same already, so nobody waits for this one."""


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
            state="parked" if parks else case((_COVERED, "skipped"), else_="due"),
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
            state=case((_COVERED, "skipped"), else_="due"),
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
