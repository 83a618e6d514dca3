"""What a higher total means for its approval: who is asked that the approval of the earlier total did not ask.

One rule: only the steps of the policy that the new total newly meets are asked; less money asks nobody.
"""

from collections.abc import Sequence
from decimal import Decimal

from core.approvals.commands import RoutingFacts
from core.kernel.money import Money
from core.order_changes import repo
from core.orders import repo as orders
from core.orders.model import Order
from core.people import directory
from core.policies import policy as policy_rules
from core.policies import repo as policies
from core.policies.commands import PolicyStep
from core.rates.queries import convert
from core.uow import Uow


async def newly_asked(uow: Uow, order: Order, facts: RoutingFacts) -> tuple[Sequence[PolicyStep], Decimal]:
    """The steps that the new total meets with what is summed with it, and what was approved does not; RatesMissing.

    And what the other orders beside it cost, in the policy's currency.
    """
    rules = await policies.current_policy(uow)
    if rules is None:
        return (), Decimal(0)
    department = await directory.department_of(uow.connection, order.cost_centre)

    async def base(money: Money) -> Decimal:
        return (await convert(uow.connection, money, rules.currency, uow.now.date())).money.amount

    def steps(amount: Decimal) -> Sequence[PolicyStep]:
        tiers = policy_rules.tiers_for(rules.tiers, amount, department, facts.category)
        return tiers[0].steps if tiers else ()

    beside = Decimal(0)
    for each in await orders.live_beside(uow, order):
        beside += await base(Money(each.total, each.currency))
    approved = beside + await base(Money(order.total, order.currency))
    routed = await repo.routed_for(uow, order)
    if routed is not None:
        approved = max(approved, await base(routed))
    wanted = beside + await base(Money(facts.amount, facts.currency))
    wanted += sum(sibling.amount_base for sibling in facts.siblings)
    return policy_rules.newly_met(steps(wanted), steps(approved)), beside
