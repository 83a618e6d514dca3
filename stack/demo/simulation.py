"""Simulates twelve months of purchases side by side, each continued when its moment has come.

One rule: moments are run in order across all purchases, so that the log reads like a real year.
"""

import datetime as dt
import heapq
from collections.abc import AsyncIterator
from itertools import count
from random import Random

from core.access.actor import Actor
from core.access.roles import Role
from core.demand import service as demand
from core.forecasts.run_scores import work_out
from core.insights import service as insights
from core.insights.pieces import collect_all
from core.kernel.clock import FixedClock
from core.messages.events import CardsWanted
from core.requests.tables import procurement_requests
from stack.demo.company import GOODS, PEOPLE
from stack.demo.demand_cases import SEED as DEMAND_SEED
from stack.demo.demand_cases import regular_purchases
from stack.demo.demo_history import DemoHistory, next_working_hour
from stack.demo.finding_cases import run_cases
from stack.demo.purchase_steps import PurchasePlan, run_purchase

PURCHASES = 66
REQUESTERS = tuple(colleague.key for colleague in PEOPLE if "requester" in colleague.roles)
WAITING_PURCHASES = (
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
"""Purchases that stay open, so that everybody finds something to do: step, item, requester, size."""
WAITING_SINCE = {
    "officer": dt.timedelta(hours=12),
    "vendor": dt.timedelta(hours=12),
    "manager": dt.timedelta(days=9),
    "finance": dt.timedelta(days=13),
    "acknowledge": dt.timedelta(days=14),
    "receive": dt.timedelta(days=17),
}
"""How long ago such a purchase began: early enough to have reached its step whenever ``up`` runs."""


def plan_purchases(now: dt.datetime, random: Random) -> list[PurchasePlan]:
    """A year of requests: more in autumn than in summer, and those that stay open at the end."""
    start = now - dt.timedelta(days=365)
    year = []
    for _ in range(PURCHASES):
        begins = next_working_hour(
            start + dt.timedelta(days=random.betavariate(1.2, 1.0) * 330), 8 + random.random() * 9
        )
        category = random.choice(list(GOODS))
        year.append(
            PurchasePlan(random.choice(REQUESTERS), category, begins, random.lognormvariate(0.2, 0.7))
        )
    waiting = [
        PurchasePlan(
            requester, category, now - WAITING_SINCE[waits_at] - dt.timedelta(hours=index), scale, waits_at
        )
        for index, (waits_at, category, requester, scale) in enumerate(WAITING_PURCHASES)
    ]
    return year + waiting


async def simulate_year(history: DemoHistory, clock: FixedClock, now: dt.datetime, random: Random) -> None:
    """Run every purchase up to the present moment."""
    order = count()
    queue: list[tuple[dt.datetime, int, AsyncIterator[dt.datetime]]] = []
    for plan in plan_purchases(now, random):
        steps = run_purchase(history, plan, Random(random.random()))
        heapq.heappush(queue, (await anext(steps), next(order), steps))
    for steps in run_cases(history, now):
        heapq.heappush(queue, (await anext(steps), next(order), steps))
    dice = Random(DEMAND_SEED)
    for plan in regular_purchases(now):
        steps = run_purchase(history, plan, Random(dice.random()))
        heapq.heappush(queue, (await anext(steps), next(order), steps))
    while queue and queue[0][0] <= now:
        moment, _, steps = heapq.heappop(queue)
        clock.at = max(clock.at, moment)
        upcoming = await anext(steps, None)
        if upcoming is not None:
            heapq.heappush(queue, (max(upcoming, clock.at), next(order), steps))
    clock.at = now


async def request_cards(history: DemoHistory) -> int:
    """Request the current cards of every open purchase, outside the seeded history."""
    actor = Actor.system(Role.system_cards)
    rows = await history.connection.execute(
        procurement_requests.select().where(
            procurement_requests.c.state.not_in(["draft", "completed", "withdrawn", "cancelled", "rejected"])
        )
    )
    wanted = 0
    for row in rows.all():
        uow = history.uow(actor)
        await uow.record(CardsWanted(subject_id=row.id, subject_version=row.version, request_id=row.id))
        await uow.finish()
        wanted += 1
    return wanted


async def forecast_demand(history: DemoHistory) -> None:
    """Forecast demand from the year, so that it is there for whoever asks first."""
    actor = history.system(Role.system_insights)
    uow = history.uow(actor)
    for day in await demand.due(uow):
        run = await demand.begin(uow, actor, day)
        if run is not None:
            await collect_all(uow, actor, run, demand.STEPS)
            await insights.finish_run(uow, actor, run, work_out(await demand.inputs(uow, actor, run)))
    await uow.finish()
