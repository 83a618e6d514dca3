"""What a higher total means for its approval: who is asked that the earlier total did not ask.

One rule: only the steps of the policy that the new total newly meets are asked; less money asks nobody.
"""

from collections.abc import Sequence
from decimal import Decimal

from core.kernel.money import Money
from core.orders import repo as orders
from core.orders.model import Order
from core.people import directory
from core.policies import policy as policy_rules
from core.policies import repo as policies
from core.policies.commands import PolicyStep
from core.policies.model import Policy
from core.rates.queries import convert
from core.uow import Uow


async def newly_asked(uow: Uow, order: Order, total: Decimal, category: str) -> tuple[PolicyStep, ...]:
    """The steps that this total meets and the order's present one does not; raises RatesMissing."""
    rules = await policies.current_policy(uow)
    if rules is None or total <= order.total:
        return ()
    others = [each for each in await _ordered_together(uow, order) if each.id != order.id]
    asked = await _steps(uow, rules, order, total, category, others)
    return policy_rules.newly_met(asked, await _steps(uow, rules, order, order.total, category, others))


async def _ordered_together(uow: Uow, order: Order) -> list[Order]:
    """The orders of one split award were approved by their sum."""
    return await orders.live_of_request(uow, order.request_id) if order.split_award_id else []


async def _steps(
    uow: Uow, rules: Policy, order: Order, total: Decimal, category: str, others: Sequence[Order]
) -> tuple[PolicyStep, ...]:
    base = await convert(uow.connection, Money(total, order.currency), rules.currency, uow.now.date())
    together = base.money.amount
    for each in others:
        money = Money(each.total, each.currency)
        together += (await convert(uow.connection, money, rules.currency, uow.now.date())).money.amount
    centre = await directory.cost_centre(uow.connection, order.cost_centre)
    department = centre.department if centre else ""
    tiers = policy_rules.tiers_for(rules.tiers, together, department, category)
    return tiers[0].steps if tiers else ()
