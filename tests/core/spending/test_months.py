"""What a month's orders come to."""

from decimal import Decimal

from core.people.repo import as_actor
from core.spending.queries import months
from tests.api.sourcing import Sourcing, sourcing
from tests.api.splitting import Splitting
from tests.support.uow import begin

__all__ = ["sourcing"]


async def test_each_order_of_a_split_award_counts_with_its_own_sum(sourcing: Sourcing) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"), shipping=("30", "12.50"))
    await case.split(0, 1)
    await case.approved()
    assert [order.total for order in await case.orders()] == [Decimal("3030.00"), Decimal("292.50")]
    async with begin(case.world.engine, as_actor(await case.world.a_finance()), case.world.clock) as uow:
        spent = await months(uow, uow.actor)
    assert (spent.this_month, spent.orders) == (Decimal("3322.50"), 2)
