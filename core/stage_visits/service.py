"""Measures the log: up to a position, or all of it anew.

One rule: whoever holds the row of ``measured_log`` measures the events between its position and theirs, so every
position is measured once and in order, and a repeated or late delivery changes nothing.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.db.connection import Connection
from core.stage_visits import repo
from core.uow import Uow

EVENTS_AT_ONCE = 1_000
PURCHASES_AT_ONCE = 4_000
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class WorkCalendar:
    """The days from ``first`` to ``last`` in a zone, and those that are not worked; ``name`` tells it from another."""

    name: str
    zone: str
    first: dt.date
    last: dt.date
    free: frozenset[dt.date]


@requires(Permission.dashboard_project)
async def measure(uow: Uow, actor: Actor, position: int) -> None:
    """Derive the visits of every purchase that an event up to this position is about, and that is not measured yet."""
    measured = await _locked(uow)
    for after in range(measured, position, EVENTS_AT_ONCE):
        up_to = min(after + EVENTS_AT_ONCE, position)
        await uow.connection.execute(repo.MEASURE, {"after": after, "up_to": up_to})
    if measured < position:
        await uow.connection.execute(repo.MOVE_ON, {"up_to": position, "now": uow.now})


@requires(Permission.dashboard_project)
async def rebuild(uow: Uow, actor: Actor) -> int:
    """Derive everything anew from the log; the position up to which it is measured now."""
    await _locked(uow)
    position = int(await uow.connection.scalar(repo.LAST_POSITION))
    await uow.connection.execute(repo.FORGET)
    last = NOBODY
    while purchases := await _next_purchases(uow.connection, last):
        await uow.connection.execute(repo.MEASURE_PURCHASES, {"requests": purchases, "up_to": position})
        last = purchases[-1]
    await uow.connection.execute(repo.MOVE_ON, {"up_to": position, "now": uow.now})
    return position


async def calendar_name(uow: Uow) -> str:
    """The calendar by which working time is measured; empty when there is none."""
    return await uow.connection.scalar(repo.CALENDAR) or ""


@requires(Permission.dashboard_project)
async def set_calendar(uow: Uow, actor: Actor, calendar: WorkCalendar) -> None:
    """Measure working time by this calendar, also of what was measured already."""
    await _locked(uow)
    place, day, before = ZoneInfo(calendar.zone), calendar.first, 0
    days = []
    while day <= calendar.last:
        begins, works = (
            dt.datetime.combine(day, dt.time(), place).astimezone(dt.UTC),
            day not in calendar.free,
        )
        day += dt.timedelta(days=1)
        ends = dt.datetime.combine(day, dt.time(), place).astimezone(dt.UTC)
        days.append((day - dt.timedelta(days=1), begins, works, before))
        before += int((ends - begins).total_seconds()) if works else 0
    await uow.connection.execute(repo.FORGET_DAYS)
    columns = {
        name: list(column) for name, column in zip(repo.DAY_COLUMNS, zip(*days, strict=True), strict=True)
    }
    await uow.connection.execute(repo.WRITE_DAYS, columns)
    await uow.connection.execute(repo.NAME_CALENDAR, {"name": calendar.name})
    await uow.connection.execute(repo.WORK_ANEW)


async def _locked(uow: Uow) -> int:
    """The position up to which the log is measured; nobody else measures until the transaction ends."""
    row = (await uow.connection.execute(repo.LOCKED)).one_or_none()
    if row is None:
        await uow.connection.execute(repo.FIRST_ROW, {"now": uow.now})
        row = (await uow.connection.execute(repo.LOCKED)).one()
    return int(row.position)


async def _next_purchases(connection: Connection, after: UUID) -> list[UUID]:
    found = await connection.scalars(repo.NEXT_PURCHASES, {"after": after, "limit": PURCHASES_AT_ONCE})
    return list(found)
