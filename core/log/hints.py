"""Which deliveries a worker should be told of: hints are sent through Redis, and what they say is only here.

One rule: a hint that was lost is sent again, so that nothing depends on Redis.
"""

import datetime as dt
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, String, any_, bindparam, func, or_, select, update

from core.db.base import Moment
from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.log.deliveries import OPEN_STATES, first_of_its_subject, ready
from core.log.tables import deliveries

_D = deliveries.c


@dataclass(frozen=True)
class DueDelivery:
    """A delivery to send a hint for; ``alone`` when its last worker died."""

    id: UUID
    subscriber: str
    alone: bool


def _to_hint() -> ColumnElement[bool]:
    """Not in Redis: never sent, sent before ``again`` and possibly lost, or due again since it was sent."""
    again = bindparam("again", type_=Moment)
    return or_(_D.enqueued_at.is_(None), _D.enqueued_at <= again, _D.enqueued_at < _D.due_at)


_OF_SUBSCRIBERS = _D.subscriber == any_(bindparam("subscribers", type_=ARRAY(String)))
_WAITING = Prebuilt(select(_D.subscriber).where(ready(), _to_hint()).distinct())
_DUE = (
    select(_D.id)
    .where(_OF_SUBSCRIBERS, ready(), first_of_its_subject(), _to_hint())
    .order_by(_D.position)
    .limit(bindparam("room"))
    .with_for_update(skip_locked=True)
)
_HINT = Prebuilt(
    update(deliveries)
    .where(_D.id.in_(_DUE))
    .values(enqueued_at=bindparam("now", type_=Moment))
    .returning(_D.id, _D.position, _D.subscriber, _D.unanswered)
)
_IN_FLIGHT = Prebuilt(
    select(func.count()).select_from(
        select(_D.id)
        .where(_OF_SUBSCRIBERS, _D.state.in_(OPEN_STATES), _D.enqueued_at > bindparam("since", type_=Moment))
        .limit(1001)
        .subquery()
    )
)


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
) -> Sequence[DueDelivery]:
    """Deliveries to send hints for, oldest first; they are marked as sent.

    They are due, or their worker died. What was sent before ``resend_before`` may be lost and is sent again.
    """
    facts = {"subscribers": list(subscribers), "now": now, "again": resend_before, "room": limit}
    rows = await connection.execute(_HINT, facts)
    return [
        DueDelivery(row.id, row.subscriber, alone=row.unanswered > 0)
        for row in sorted(rows, key=lambda row: (row.position, row.id))
    ]


async def in_flight(connection: Connection, subscribers: Collection[str], since: dt.datetime) -> int:
    """How many hints of these subscribers may be in Redis; an upper bound."""
    return int(await connection.scalar(_IN_FLIGHT, {"subscribers": list(subscribers), "since": since}) or 0)
