"""Facts are kept as the purchases are, however the log is read; the weeks are what the facts come to."""

import datetime as dt
import random
from decimal import Decimal

import pytest

from core.kept_facts import service
from core.offers.commands import QuoteLineDraft
from core.offers.model import Alternative
from core.orders import service as orders
from core.orders.commands import CancelOrder
from core.rates.service import ExchangeRate, LoadRates, load_rates
from core.split_awards.commands import AwardedLine
from core.stage_visits import service as stage_visits
from tests.core.analytics import money_facts
from tests.support.measuring import MEASURER, kept, measured, rows_of, sealed, weeks_are_right
from tests.support.postgres import Database
from tests.support.purchase_walk import walk
from tests.support.uow import SmallCompany, begin
from tests.support.world import World


class Killed(Exception):
    """The worker dies in the middle of it."""


async def measure(world: World, position: int, *, killed: bool = False) -> int:
    try:
        async with begin(world.engine, MEASURER, world.clock) as uow:
            reached = await service.measure(uow, MEASURER, position)
            if killed:
                raise Killed
    except Killed:
        return 0
    return reached


@pytest.mark.parametrize("seed", range(2))
async def test_facts_are_the_same_in_whatever_pieces_the_log_is_read(
    world: World, database: Database, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By workers of whom some die, while purchases go on; and made anew, once broken off halfway."""
    dice = random.Random(seed)
    monkeypatch.setattr(stage_visits, "EVENTS_AT_ONCE", 60)
    monkeypatch.setattr(stage_visits, "PURCHASES_AT_ONCE", 3)
    async for _ in walk(world):
        if dice.random() < 0.2:
            await sealed(database)
            last = await database.hand.fetchval("SELECT max(position) FROM audit_events")
            await measure(world, dice.randrange(1, last + 1), killed=dice.random() < 0.4)
    await measured(world, database)
    incremental = await rows_of(database)
    await weeks_are_right(database)
    assert {row[1] for row in incremental["figure_facts"]} >= {
        *("steps", "months", "vendors", "cost_centres", "currencies", "answers", "speed", "on_time"),
        *("first_promise", "quotes", "savings", "exceptions"),
    }
    for pieces in (2, 1_000):
        so_far = None
        while pieces and (so_far is None or not so_far.ended):
            so_far = await world.act(MEASURER, service.rebuild, so_far)
            pieces -= 1
        assert await rows_of(database) == incremental
    await database.hand.execute("TRUNCATE figure_facts, figure_weeks")
    so_far = None
    while so_far is None or not so_far.ended:
        so_far = await world.act(MEASURER, service.rebuild, so_far)
    assert await rows_of(database) == incremental


async def test_a_cancelled_order_gives_the_next_one_another_price_before_it(
    world: World, database: Database
) -> None:
    """The next one's own purchase does not move."""
    saved = "SELECT sum(total) FROM figure_weeks WHERE fact = 'savings' AND key = 'last_paid'"
    for price in ("400", "500"):
        await world.an_order(price=price)
    newest = await world.an_order(price="300")
    await measured(world, database)
    quantity = await database.hand.fetchval(
        "SELECT quantity FROM purchase_order_lines WHERE order_id = $1", newest.order.id
    )
    assert await database.hand.fetchval(saved) == quantity * (-100 + 200)
    middle = await database.hand.fetchrow("SELECT id FROM purchase_orders ORDER BY id OFFSET 1 LIMIT 1")
    officer = await world.an_officer()
    await world.act(officer, orders.cancel, CancelOrder(middle["id"], "out of stock", None))
    await measured(world, database)
    assert await database.hand.fetchval(saved) == quantity * 100
    await weeks_are_right(database)


async def test_another_zone_counts_in_its_own_weeks(world: World, database: Database) -> None:
    """Also what was measured before; the visits stay as they are."""
    async for _ in walk(world):
        pass
    await measured(world, database)
    before = await rows_of(database)
    visits = "SELECT subject_id, stage, visit, left_at, calendar_s FROM stage_visits ORDER BY 1, 2, 3"
    measured_before = await database.hand.fetch(visits)
    await database.hand.execute("UPDATE organisation SET zone = 'Pacific/Apia'")
    await measured(world, database)
    assert await database.hand.fetch(visits) == measured_before
    assert await database.hand.fetchval(
        "SELECT bool_and(week = date_trunc('week', left_at AT TIME ZONE 'Pacific/Apia')::date) FROM stage_visits"
        " WHERE left_at IS NOT NULL"
    )
    assert {row[:5] for row in (await rows_of(database))["figure_facts"]} != set() != before["figure_facts"]
    await weeks_are_right(database)


async def test_an_order_that_gets_its_rate_later_counts_from_then_on(
    company: SmallCompany, database: Database
) -> None:
    await money_facts.orders(database, random.Random(2), 30, company.clock.at)
    await kept(company.app, database)
    without = "SELECT n FROM figure_weeks WHERE fact = 'rate_days' AND key = '' AND n > 0"
    assert await database.hand.fetch(without)
    days = [(company.clock.at - dt.timedelta(days=back)).date() for back in range(200)]
    rates = tuple(ExchangeRate("GBP", day, Decimal("1.25")) for day in days)
    await company.act(company.admin, load_rates, LoadRates(rates, "tests"))
    await sealed(database)
    last = await database.hand.fetchval("SELECT max(position) FROM audit_events")
    async with begin(company.app, MEASURER, company.clock) as uow:
        await service.measure(uow, MEASURER, last)
    assert not await database.hand.fetch(without)
    await weeks_are_right(database)


@pytest.mark.parametrize("others", [0, 1])
async def test_a_quote_is_single_when_no_other_vendor_could_supply_anything(
    world: World, database: Database, others: int
) -> None:
    """An alternative is something to order: where it is the only quote, and where it is the other one."""
    asked = [await world.a_vendor() for _ in range(1 + others)]
    rfq = await world.an_rfq(to=[vendor for vendor, _ in asked])
    [line] = rfq.rfq.lines
    instead = QuoteLineDraft(
        line.id, None, None, no_bid=True, alternative=Alternative("Laptop 15 inch", Decimal(1100))
    )
    quoted = [await world.a_quote_of(rfq, contact, [instead]) for _, contact in asked]
    award = await world.a_split_of(rfq, AwardedLine(line.id, quoted[0].quote.id, alternative=True))
    await world.a_finance()
    await world.approved(await world.open_approval_of_split(award))
    await measured(world, database)
    single = "SELECT count(*) FROM figure_facts WHERE fact = 'exceptions' AND key = 'single_quote'"
    ordered = "SELECT count(*) FROM figure_facts WHERE fact = 'exceptions' AND key = 'orders'"
    assert await database.hand.fetchval(ordered) == 1
    assert await database.hand.fetchval(single) == 1 - others
