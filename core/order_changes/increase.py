"""What a higher total means for its approval: who is asked that the earlier total did not ask.

One rule: only the steps of the policy that the new total newly meets are asked; less money asks nobody.
"""

from decimal import Decimal

from core.kernel.money import Money
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
    asked = await _steps(uow, rules, order, total, category)
    return policy_rules.newly_met(asked, await _steps(uow, rules, order, order.total, category))


async def _steps(
    uow: Uow, rules: Policy, order: Order, total: Decimal, category: str
) -> tuple[PolicyStep, ...]:
    base = await convert(uow.connection, Money(total, order.currency), rules.currency, uow.now.date())
    centre = await directory.cost_centre(uow.connection, order.cost_centre)
    department = centre.department if centre else ""
    tiers = policy_rules.tiers_for(rules.tiers, base.money.amount, department, category)
    return tiers[0].steps if tiers else ()
