"""Measures the log: up to a position, or all of it anew.

One rule: whoever holds the row of ``measured_log`` measures the events between its position and theirs, so every
position is measured once and in order, and a repeated or late delivery changes nothing.

Each function does one piece that a transaction has room for; whoever calls commits it and asks for the next.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.stage_visits import repo
from core.uow import Uow

EVENTS_AT_ONCE = 1_000
PURCHASES_AT_ONCE = 250
NOBODY = UUID(int=0)
UNFINISHED = " > "
"""Between the calendar's name and the purchase up to which working time is by it already."""


@dataclass(frozen=True)
class WorkCalendar:
    """The days from ``first`` to ``last`` in a zone, and those that are not worked; ``name`` tells it from another."""

    name: str
    zone: str
    first: dt.date
    last: dt.date
    free: frozenset[dt.date]


@dataclass(frozen=True)
class CountingPlace:
    """Where the organisation's weeks begin, and in which currency it counts."""

    zone: str = "UTC"
    currency: str = ""

    @property
    def name(self) -> str:
        return f"{self.zone} {self.currency}"


@dataclass(frozen=True)
class Piece:
    """The events behind ``after`` up to ``up_to`` are measured; ``moved`` has their types by purchase, or None."""

    after: int
    up_to: int
    place: CountingPlace
    moved: Mapping[UUID | None, frozenset[str]] = field(default_factory=dict)


@requires(Permission.dashboard_project)
async def measure(uow: Uow, actor: Actor, position: int) -> Piece:
    """Derive the visits of the purchases that the next events up to this position are about.

    The log is measured up to less than ``position`` when there is more to do.
    """
    measured, place = await _locked(uow)
    if measured >= position:
        return Piece(measured, measured, place)
    up_to = min(measured + EVENTS_AT_ONCE, position)
    found = await uow.connection.execute(repo.MOVED, {"after": measured, "up_to": up_to})
    moved = {row.request_id: frozenset(row.types) for row in found}
    purchases = [each for each in moved if each is not None]
    await uow.connection.execute(repo.MEASURE_PURCHASES, {"requests": purchases, "up_to": up_to})
    await uow.connection.execute(repo.MOVE_ON, {"up_to": up_to, "now": uow.now})
    return Piece(measured, up_to, place, moved)


@dataclass(frozen=True)
class Rebuilding:
    """How far a rebuild has come: it derives what the log says up to ``position``, purchase after purchase."""

    position: int
    after: UUID = NOBODY
    ended: bool = False
    place: CountingPlace = CountingPlace()
    purchases: Sequence[UUID] = ()
    """Those of the last piece."""


@requires(Permission.dashboard_project)
async def rebuild(uow: Uow, actor: Actor, so_far: Rebuilding | None) -> Rebuilding:
    """Derive the next purchases anew from the log; None begins.

    Until it has ended the log counts as measured up to where it was, so that nothing is left out when it breaks off.
    """
    measured, place = await _locked(uow)
    if so_far is None:
        so_far = Rebuilding(int(await uow.connection.scalar(repo.LAST_POSITION)))
    asked = {"after": so_far.after, "limit": PURCHASES_AT_ONCE}
    purchases = list(await uow.connection.scalars(repo.NEXT_PURCHASES, asked))
    if not purchases:
        position = await uow.connection.scalar(repo.MOVE_ON, {"up_to": so_far.position, "now": uow.now})
        return Rebuilding(int(position), ended=True)
    await uow.connection.execute(repo.FORGET_PURCHASES, {"requests": purchases})
    up_to = max(measured, so_far.position)
    await uow.connection.execute(repo.MEASURE_PURCHASES, {"requests": purchases, "up_to": up_to})
    return Rebuilding(so_far.position, purchases[-1], place=place, purchases=purchases)


@dataclass(frozen=True)
class KeptCalendar:
    """The calendar by which working time is measured; empty when there is none."""

    name: str
    last: dt.date | None
    finished: bool
    """All working time is by it."""


async def kept_calendar(uow: Uow) -> KeptCalendar:
    """The calendar as it is kept."""
    row = (await uow.connection.execute(repo.CALENDAR)).one_or_none()
    if row is None:
        return KeptCalendar("", None, finished=True)
    name, unfinished, _ = row.calendar.partition(UNFINISHED)
    return KeptCalendar(name, row.last, not unfinished)


@requires(Permission.dashboard_project)
async def set_calendar(uow: Uow, actor: Actor, calendar: WorkCalendar) -> None:
    """Measure working time by this calendar; ``work_anew`` does so for what was measured by another, or by none."""
    await _locked(uow)
    kept = await kept_calendar(uow)
    await uow.connection.execute(repo.WRITE_DAYS, _days(calendar))
    await uow.connection.execute(repo.FORGET_DAYS, {"first": calendar.first, "last": calendar.last})
    too_short = kept.last is None or kept.last < uow.now.astimezone(ZoneInfo(calendar.zone)).date()
    if kept.name != calendar.name or too_short:
        await _name_calendar(uow, calendar.name, NOBODY)


def _days(calendar: WorkCalendar) -> dict[str, list[object]]:
    """The calendar's days by column, each with the seconds that were worked before it."""
    place, before, days = ZoneInfo(calendar.zone), 0, []

    def midnight(day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(), place).astimezone(dt.UTC)

    for number in range((calendar.last - calendar.first).days + 1):
        day = calendar.first + dt.timedelta(days=number)
        begins, works = midnight(day), day not in calendar.free
        days.append((day, begins, works, before))
        if works:
            before += int((midnight(day + dt.timedelta(days=1)) - begins).total_seconds())
    return {
        name: list(column) for name, column in zip(repo.DAY_COLUMNS, zip(*days, strict=True), strict=True)
    }


@requires(Permission.dashboard_project)
async def work_anew(uow: Uow, actor: Actor) -> bool:
    """Measure the working time of the next purchases by the present calendar; false when that is done for all."""
    await _locked(uow)
    row = (await uow.connection.execute(repo.CALENDAR)).one()
    name, unfinished, after = row.calendar.partition(UNFINISHED)
    if not unfinished:
        return False
    asked = {"after": UUID(after), "limit": PURCHASES_AT_ONCE}
    purchases = list(await uow.connection.scalars(repo.NEXT_MEASURED, asked))
    if purchases:
        await uow.connection.execute(repo.WORK_ANEW, {"requests": purchases})
    await _name_calendar(uow, name, purchases[-1] if purchases else None)
    return bool(purchases)


async def _name_calendar(uow: Uow, name: str, after: UUID | None) -> None:
    """``after``: the purchase up to which working time is by it; None when all is."""
    kept = name if after is None else f"{name}{UNFINISHED}{after.hex}"
    await uow.connection.execute(repo.NAME_CALENDAR, {"name": kept})


async def _locked(uow: Uow) -> tuple[int, CountingPlace]:
    """The position up to which the log is measured; nobody else measures until the transaction ends.

    Where the organisation has moved to another zone or currency, all is measured anew from the beginning.
    """
    row = (await uow.connection.execute(repo.LOCKED)).one_or_none()
    if row is None:
        await uow.connection.execute(repo.FIRST_ROW, {"now": uow.now})
        row = (await uow.connection.execute(repo.LOCKED)).one()
    place = CountingPlace(row.zone or CountingPlace.zone, row.currency or CountingPlace.currency)
    if row.place == place.name:
        return int(row.position), place
    await uow.connection.execute(repo.BEGIN_ANEW, {"place": place.name})
    return 0, place
