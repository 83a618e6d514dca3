"""Which days are worked in the organisation's country, kept beside the figures.

One rule: public holidays are the library's, never typed in; without a country there is no working time.
"""

import datetime as dt

from core.access.actor import Actor
from core.people import directory
from core.stage_visits import service
from core.stage_visits.service import WorkCalendar
from core.uow import Uow

FIRST_YEAR = 2020
YEARS_AHEAD = 2


async def keep_calendar(uow: Uow, actor: Actor) -> None:
    """Write the calendar when the country, the zone or the year is another one than the stored calendar's."""
    organisation = await directory.find_organisation(uow.connection)
    if organisation is None or not organisation.country:
        return
    last_year = uow.now.year + YEARS_AHEAD
    name = f"{organisation.country} {organisation.zone} {last_year}"
    if await service.calendar_name(uow) == name:
        return
    free = free_days(organisation.country, FIRST_YEAR, last_year)
    calendar = WorkCalendar(
        name, organisation.zone, dt.date(FIRST_YEAR, 1, 1), dt.date(last_year, 12, 31), frozenset(free)
    )
    await service.set_calendar(uow, actor, calendar)


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
