"""What the figures of the last four weeks say, for the digest of the week's first day.

One rule: they are read with the reader's own rights, and nobody gets them who switched the digest off.
"""

import datetime as dt

from api.text.analytics import finding
from core.access.roles import Role
from core.analytics import queries
from core.analytics.model import Matter, Wanted
from core.people import repo as people
from core.people.model import Person
from core.uow import Uow

READERS = frozenset({Role.officer, Role.finance})
WEEKS = 4
MATTERS = (Matter.waits, Matter.time, Matter.spend, Matter.exceptions)
MONDAY = 0


async def weekly_figures(uow: Uow, reader: Person, day: dt.date) -> tuple[str, ...]:
    """One sentence per question that has an answer; none on other days and for others."""
    if day.weekday() != MONDAY or not READERS & set(reader.roles):
        return ()
    last_week, actor = day - dt.timedelta(days=1), people.as_actor(reader)
    found = [(await queries.report(uow, actor, Wanted(each, WEEKS, last_week))).finding for each in MATTERS]
    return tuple(finding(each.key, each.facts, reader.locale) for each in found if each.facts)
