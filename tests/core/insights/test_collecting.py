"""What a run collects piece by piece is what one piece would hold, and goes on where it was."""

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from core.access.actor import Actor
from core.access.roles import Role
from core.db.engine import Engine
from core.demand import service as demand
from core.demand.model import DemandInputs
from core.insights import pieces
from core.insights.model import InsightRun
from core.insights.pieces import CollectStep, collect_next
from core.insights.repo import run_of
from core.insights.service import begin_run
from core.insights.states import Feature, RunStatus
from core.kernel.clock import FixedClock
from core.vendor_facts.model import FactColumns
from core.vendor_facts.repo import facts_of
from core.vendor_scores import service as vendor_scores
from core.vendor_scores.policy import TREND_DAYS
from core.vendor_scores.scoring import Scored, score_vendors
from tests.core.demand.made_needs import a_need, an_order, month_back, needs
from tests.core.vendor_scores.test_facts import made
from tests.core.vendor_scores.vendor_history import VendorHistory, day
from tests.support.postgres import Database
from tests.support.uow import SmallCompany, begin
from tests.support.world import World

INSIGHTS = Actor.system(Role.system_insights)
KEPT = "SELECT count(*) FROM ml_run_pieces"
AT = day(250)


async def begun(engine: Engine, feature: Feature, at: dt.datetime) -> InsightRun:
    async with begin(engine, INSIGHTS, FixedClock(at)) as uow:
        return await begin_run(uow, INSIGHTS, feature, version="tests", parameters={})


async def collect(engine: Engine, run: InsightRun, steps: Sequence[CollectStep], most: int = 0) -> int:
    """So many pieces, or all, each in a transaction of its own; how many there were."""
    count = 0
    while not most or count < most:
        async with begin(engine, INSIGHTS, FixedClock(AT)) as uow:
            if not await collect_next(uow, INSIGHTS, run, steps):
                break
        count += 1
    return count


async def vendors_scored(engine: Engine, run: InsightRun) -> Scored:
    async with begin(engine, INSIGHTS, FixedClock(AT)) as uow:
        before = await vendor_scores.known_before(uow, INSIGHTS, run)
        return score_vendors(await vendor_scores.known(uow, INSIGHTS, run), before)


async def demand_known(engine: Engine, run: InsightRun) -> DemandInputs:
    async with begin(engine, INSIGHTS, FixedClock(AT)) as uow:
        return await demand.inputs(uow, INSIGHTS, run)


def in_pieces(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr(pieces, "ROWS_AT_ONCE", rows)


async def test_vendors_score_the_same_from_many_pieces_and_from_one(
    company: SmallCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = await VendorHistory(company.database).begin()
    await made(history, random.Random(5), [uuid4() for _ in range(4)])
    whole = await begun(company.app, Feature.vendor_score, AT)
    assert await collect(company.app, whole, vendor_scores.STEPS) == len(vendor_scores.STEPS)
    expected = await vendors_scored(company.app, whole)
    in_pieces(monkeypatch, 7)
    run = await begun(company.app, Feature.vendor_score, AT)
    assert await collect(company.app, run, vendor_scores.STEPS) > 20
    assert await vendors_scored(company.app, run) == expected
    async with company.app.begin() as connection:
        now, before = [
            FactColumns.of(await facts_of(connection, at)) for at in (AT, AT - dt.timedelta(TREND_DAYS))
        ]
    assert score_vendors(now, before) == expected
    assert len(expected.scores) >= 20


async def test_what_happens_while_a_run_collects_is_not_known_to_it(
    company: SmallCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = await VendorHistory(company.database).begin()
    vendors = [uuid4() for _ in range(3)]
    await made(history, random.Random(6), vendors)
    open_ = [await history.order(each, day(200), days=10) for each in vendors]
    whole = await begun(company.app, Feature.vendor_score, AT)
    await collect(company.app, whole, vendor_scores.STEPS)
    expected = await vendors_scored(company.app, whole)
    in_pieces(monkeypatch, 5)
    run = await begun(company.app, Feature.vendor_score, AT)
    assert await collect(company.app, run, vendor_scores.STEPS, most=9) == 9
    for each in open_:
        await history.receive(each, day(251), accepted=10)
        await history.move(each, days=90, at=day(251))
    await history.order(vendors[0], day(251), days=1)
    await history.rfq(day(251), day(252), dict.fromkeys(vendors, 100))
    await collect(company.app, run, vendor_scores.STEPS)
    assert await vendors_scored(company.app, run) == expected


async def test_a_run_goes_on_where_it_was_and_leaves_nothing_when_another_begins(
    company: SmallCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = await VendorHistory(company.database).begin()
    await made(history, random.Random(7), [uuid4() for _ in range(2)])
    in_pieces(monkeypatch, 10)
    run = await begun(company.app, Feature.vendor_score, AT)
    first = await collect(company.app, run, vendor_scores.STEPS, most=5)
    rest = await collect(company.app, run, vendor_scores.STEPS)
    hand = company.database.hand
    assert await hand.fetchval(KEPT) == first + rest
    numbers = "SELECT array_agg(number ORDER BY number) FROM ml_run_pieces"
    assert await hand.fetchval(numbers) == list(range(first + rest))
    await begun(company.app, Feature.vendor_score, AT)
    async with company.app.begin() as connection:
        ended = await run_of(connection, run.id)
    assert ended is not None
    assert (ended.status, ended.metrics) == (RunStatus.failed, {"why": "another one has begun"})
    assert await hand.fetchval(KEPT) == 0


async def test_demand_is_the_same_from_many_pieces_and_from_one(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(8)
    vendors = [(await world.a_vendor())[0].id for _ in range(3)]
    for written in ("Toner 26A", "toner, 26A", "Toner 26X", "Paper A4", "Paper  A4 white"):
        for back, need in enumerate(await needs(database, world, written, [chance.randint(0, 9)] * 12)):
            await an_order(
                database,
                need,
                chance.choice(vendors),
                month_back(world, back + 1),
                days=chance.randint(2, 30),
                price=str(chance.randint(5, 50)),
            )
    await a_need(database, "Toner 26A", "500", month_back(world, 2), state="cancelled")
    found: list[tuple[Any, ...]] = []
    for rows in (1_000, 4):
        in_pieces(monkeypatch, rows)
        await database.hand.execute("DELETE FROM demand_texts")
        await database.hand.execute("DELETE FROM demand_items")
        run = await begun(world.engine, Feature.demand, world.now)
        await collect(world.engine, run, demand.STEPS)
        known = await demand_known(world.engine, run)
        months = sorted((each.item, each.month, each.quantity) for each in known.demand)
        found.append((known.until, known.facts, months))
    assert found[0] == found[1]
    assert len(found[0][1]) == 3
    assert all(each.lead_orders and each.price for each in found[0][1].values())
