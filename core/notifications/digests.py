"""When a digest is due; there is one per person and local day.

One rule: the row (person, day) is written once, together with the event that causes the digest to be sent.

A restart, a second scheduler, a clock change or another time zone finds the row and writes no second one.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.accounts.tables import chat_identities
from core.db.connection import Connection
from core.kernel.ids import new_id
from core.notifications import repo
from core.notifications.events import DigestDue, NoticesReleased
from core.notifications.quiet_hours import DIGEST_HOUR, DIGEST_WINDOW, due_day
from core.notifications.tables import digests, notices, person_settings
from core.people.tables import people
from core.uow import Uow

HELD_FOR_DIGEST = dt.timedelta(minutes=15)
"""How long held notices wait for a digest that has just become due before they are sent by themselves."""
MAX_PEOPLE = 100

_P, _S, _D, _C, _N = people.c, person_settings.c, digests.c, chat_identities.c, notices.c
_HELD = _N.state == literal_column("'held'")
"""In the statement itself: planned once for any state, it would not use the index of held ones."""


@dataclass(frozen=True)
class Digest:
    """One person's digest for one local day."""

    id: UUID
    person_id: UUID
    day: dt.date
    state: str


async def people_due(uow: Uow) -> Sequence[UUID]:
    """The people whose digest is due now. A chat that was linked today gets its first digest tomorrow."""
    zones = await uow.connection.scalars(select(_P.zone).where(_P.active).distinct())
    hour = func.coalesce(_S.digest_hour, DIGEST_HOUR)
    due_by_zone = []
    for zone in zones:
        local_now = uow.now.astimezone(ZoneInfo(zone))
        hours = [local_now.hour - back for back in range(int(DIGEST_WINDOW / dt.timedelta(hours=1)) + 1)]
        made = exists().where(_D.person_id == _P.id, _D.day == local_now.date())
        morning = dt.datetime.combine(local_now.date(), dt.time(), ZoneInfo(zone))
        linked = exists().where(
            _C.person_id == _P.id, _C.unlinked_at.is_(None), _C.reachable, _C.linked_at < morning
        )
        due_by_zone.append(and_(_P.zone == zone, hour.in_(hours), ~made, linked))
    return await uow.connection.scalars(
        select(_P.id)
        .outerjoin(person_settings, _S.person_id == _P.id)
        .where(_P.active, or_(*due_by_zone))
        .where(or_(_S.person_id.is_(None), _S.digest_hour.is_not(None)))
        .where(or_(_S.snoozed_until.is_(None), _S.snoozed_until <= uow.now))
        .order_by(_P.id)
        .limit(MAX_PEOPLE)
    )


@requires(Permission.notices_send)
async def begin_digest(uow: Uow, actor: Actor, person_id: UUID) -> None:
    """Write today's row, once; notices held over the quiet hours wait for this digest."""
    preferences = await repo.preferences_of(uow.connection, person_id)
    day = due_day(preferences, uow.now) if preferences else None
    if day is None:
        return
    row = {"id": new_id(), "person_id": person_id, "day": day, "state": "due", "made_at": uow.now}
    made = await uow.connection.scalar(
        insert(digests).values(**row).on_conflict_do_nothing().returning(_D.id)
    )
    if made is None:
        return
    await uow.connection.execute(
        update(notices)
        .where(_N.recipient == person_id, _N.state == "held")
        .values(held_until=uow.now + HELD_FOR_DIGEST)
    )
    await uow.record(DigestDue(subject_id=person_id, subject_version=1, digest_id=made, day=day))


async def people_to_release(uow: Uow) -> Sequence[UUID]:
    """People whose quiet hours are over and who still have held notices."""
    return await uow.connection.scalars(
        select(_N.recipient).where(_HELD, _N.held_until <= uow.now).distinct().limit(MAX_PEOPLE)
    )


@requires(Permission.notices_send)
async def release_notices(uow: Uow, actor: Actor, person_id: UUID) -> None:
    """The quiet hours are over: everything that was held is sent, in one message."""
    released = await uow.connection.execute(
        update(notices)
        .where(_N.recipient == person_id, _HELD, _N.held_until <= uow.now)
        .values(state="released")
    )
    if released.rowcount:
        await uow.record(NoticesReleased(subject_id=person_id, subject_version=1))


async def lock_due(connection: Connection, digest_id: UUID) -> Digest | None:
    """The digest that is still to be sent, locked until the transaction ends."""
    row = (
        await connection.execute(
            select(_D.id, _D.person_id, _D.day, _D.state)
            .where(_D.id == digest_id, _D.state == "due")
            .with_for_update(skip_locked=True)
        )
    ).one_or_none()
    return Digest(*row) if row else None


async def is_due(connection: Connection, digest_id: UUID) -> bool:
    """Whether this digest is still to be sent, locked or not."""
    due = select(_D.id).where(_D.id == digest_id, _D.state == "due")
    return bool(await connection.scalar(select(due.exists())))


async def finish(connection: Connection, digest: Digest, state: str, now: dt.datetime) -> None:
    """Record that it was sent, was empty, or could not reach anybody."""
    await connection.execute(update(digests).where(_D.id == digest.id).values(state=state, sent_at=now))
    if state == "sent":
        await connection.execute(
            update(notices)
            .where(_N.recipient == digest.person_id, _N.state == "held")
            .values(state="sent", via="digest", sent_at=now)
        )
