"""The director: twelve months of purchases side by side, each going on when its moment has come.

One rule: moments come in order, whatever purchase they belong to, so that the log reads like a real year.
"""

import datetime as dt
import heapq
from collections.abc import AsyncIterator
from itertools import count
from random import Random

from core.access.actor import Actor
from core.access.roles import Role
from core.kernel.clock import FixedClock
from core.messages.events import CardsWanted
from core.requests.tables import procurement_requests
from stack.demo.company import PEOPLE, WARES
from stack.demo.play import Play, at_work
from stack.demo.purchase import Plan, purchase

PURCHASES = 66
REQUESTERS = tuple(colleague.key for colleague in PEOPLE if "requester" in colleague.roles)
STOPS = (
    ("officer", "IT hardware", "requester", 1.0),
    ("officer", "Office supplies", "jonas", 1.0),
    ("vendor", "Furniture", "amira", 2.0),
    ("vendor", "IT hardware", "lucia", 1.5),
    ("manager", "IT hardware", "jonas", 2.5),
    ("manager", "Facilities", "requester", 1.6),
    ("finance", "IT hardware", "amira", 20.0),
    ("acknowledge", "Packaging", "lucia", 1.5),
    ("receive", "Office supplies", "requester", 1.2),
    ("receive", "Furniture", "jonas", 1.4),
)
"""Purchases that wait somewhere, so that everybody finds something to do: where, what, whose, how large."""
BEFORE = {
    "officer": dt.timedelta(hours=12),
    "vendor": dt.timedelta(hours=12),
    "manager": dt.timedelta(days=9),
    "finance": dt.timedelta(days=13),
    "acknowledge": dt.timedelta(days=14),
    "receive": dt.timedelta(days=17),
}
"""How long ago such a purchase began: long enough to have come so far on whatever day and hour ``up`` is typed."""


def plans(now: dt.datetime, random: Random) -> list[Plan]:
    """A year of wishes: more in autumn than in summer, and the ones that wait at the end."""
    start = now - dt.timedelta(days=365)
    year = []
    for _ in range(PURCHASES):
        begins = at_work(
            start + dt.timedelta(days=random.betavariate(1.2, 1.0) * 330), 8 + random.random() * 9
        )
        category = random.choice(list(WARES))
        year.append(Plan(random.choice(REQUESTERS), category, begins, random.lognormvariate(0.2, 0.7)))
    waiting = [
        Plan(requester, category, now - BEFORE[stops] - dt.timedelta(hours=index), scale, stops)
        for index, (stops, category, requester, scale) in enumerate(STOPS)
    ]
    return year + waiting


async def play_year(play: Play, clock: FixedClock, now: dt.datetime, random: Random) -> None:
    """Run every purchase up to the present moment."""
    order = count()
    stage: list[tuple[dt.datetime, int, AsyncIterator[dt.datetime]]] = []
    for plan in plans(now, random):
        life = purchase(play, plan, Random(random.random()))
        heapq.heappush(stage, (await anext(life), next(order), life))
    while stage and stage[0][0] <= now:
        moment, _, life = heapq.heappop(stage)
        clock.at = max(clock.at, moment)
        upcoming = await anext(life, None)
        if upcoming is not None:
            heapq.heappush(stage, (max(upcoming, clock.at), next(order), life))
    clock.at = now


async def want_cards(play: Play) -> int:
    """Ask for the present cards of every purchase that goes on, outside the seeded history."""
    actor = Actor.system(Role.system_cards)
    rows = await play.connection.execute(
        procurement_requests.select().where(
            procurement_requests.c.state.not_in(["draft", "completed", "withdrawn", "cancelled", "rejected"])
        )
    )
    wanted = 0
    for row in rows.all():
        uow = play.uow(actor)
        await uow.record(CardsWanted(subject_id=row.id, subject_version=row.version, request_id=row.id))
        await uow.finish()
        wanted += 1
    return wanted
