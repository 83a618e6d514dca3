"""Which days are worked in the organisation's country, kept beside the figures.

One rule: public holidays are the library's, never typed in; without a country there is no working time.
"""

import datetime as dt
from functools import cache
from importlib.metadata import version

from core.access.actor import Actor
from core.people import directory
from core.stage_visits import service
from core.stage_visits.service import WorkCalendar
from core.uow import Uow

FIRST_YEAR = 2020
YEARS_AHEAD = 2


async def keep_calendar(uow: Uow, actor: Actor) -> bool:
    """Write the days that are missing, or all of them in another country, zone or version of the library.

    Returns whether working time is still to be measured by it: ``service.work_anew``.
    """
    organisation = await directory.find_organisation(uow.connection)
    if organisation is None or not organisation.country:
        return False
    kept = await service.kept_calendar(uow)
    name = calendar_name(organisation.country, organisation.zone)
    last = dt.date(uow.now.year + YEARS_AHEAD, 12, 31)
    if kept.name == name and kept.last is not None and kept.last >= last:
        return not kept.finished
    free = free_days(organisation.country, FIRST_YEAR, last.year)
    first = dt.date(FIRST_YEAR, 1, 1)
    await service.set_calendar(
        uow, actor, WorkCalendar(name, organisation.zone, first, last, frozenset(free))
    )
    return not (await service.kept_calendar(uow)).finished


def calendar_name(country: str, zone: str) -> str:
    """What decides which days are worked; days that are only added leave it as it is."""
    return f"{country} {zone} {_rules()}"


@cache
def _rules() -> str:
    return version("holidays")[:12]


def free_days(country: str, first_year: int, last_year: int) -> set[dt.date]:
    """Public holidays and the days of the weekend there, in these years; a country that the library lacks: weekends."""
    import holidays  # 60 MB and over a second: only where a calendar is written

    years = range(first_year, last_year + 1)
    try:
        known = holidays.country_holidays(country, years=years)
    except NotImplementedError:
        known = holidays.HolidayBase(years=years)
    day, found = dt.date(first_year, 1, 1), set()
    while day.year <= last_year:
        if not known.is_working_day(day):
            found.add(day)
        day += dt.timedelta(days=1)
    return found
