"""What a month's orders come to."""

import datetime as dt
import random
from decimal import Decimal

from core.analytics import queries
from core.analytics.model import Matter, MonthsSpent, Wanted
from core.people.repo import as_actor
from tests.api.sourcing import Sourcing, sourcing
from tests.api.splitting import Splitting
from tests.core.analytics import money_facts
from tests.support.measuring import kept
from tests.support.postgres import Database
from tests.support.uow import begin
from tests.support.world import World

__all__ = ["sourcing"]


async def test_each_order_of_a_split_award_counts_with_its_own_sum(
    sourcing: Sourcing, database: Database
) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"), shipping=("30", "12.50"))
    await case.split(0, 1)
    await case.approved()
    assert [order.total for order in await case.orders()] == [Decimal("3030.00"), Decimal("292.50")]
    await kept(case.world.engine, database)
    spent = await _months(case.world)
    assert (spent.this_month, spent.orders) == (Decimal("3322.50"), 2)


async def _months(world: World) -> MonthsSpent:
    async with begin(world.engine, as_actor(await world.a_finance()), world.clock) as uow:
        return await queries.months(uow, uow.actor)


async def test_an_order_counts_at_the_rate_of_its_day_or_not_at_all(world: World, database: Database) -> None:
    """As the figures have it: rounded by itself, and at no rate that is too old to decide by."""
    await database.hand.execute("DELETE FROM exchange_rates")
    await money_facts.orders(database, random.Random(5), 40, world.now)
    await database.hand.execute("DELETE FROM exchange_rates WHERE currency = 'EUR'")
    old = (world.now - dt.timedelta(days=100)).date()
    await database.hand.execute("INSERT INTO exchange_rates VALUES ('EUR', $1, 1.1, 'tests')", old)
    await kept(world.engine, database)
    spent = await _months(world)
    async with begin(world.engine, as_actor(await world.a_finance()), world.clock) as uow:
        report = await queries.report(uow, uow.actor, Wanted(Matter.spend, 20))
    of_month = {row.key: row for each in report.sections if each.name == "months" for row in each.rows}
    shown = [
        of_month.get(f"{day:%Y-%m}") for day in (world.now, world.now.replace(day=1) - dt.timedelta(days=1))
    ]
    assert [row.value if row else 0 for row in shown] == [spent.this_month, spent.last_month]
    assert (shown[0].n if shown[0] else 0) == spent.orders
    assert report.unconverted > 0
