"""The read models of the policies."""

from collections.abc import Sequence
from decimal import Decimal

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.errors import NotFound
from core.people import directory
from core.policies import repo
from core.policies.commands import Approver
from core.policies.model import Policy, ReceivingPolicy
from core.policies.policy import tiers_for_all
from core.uow import Uow


@requires(Permission.policies_read)
async def show_policy(uow: Uow, actor: Actor) -> Policy:
    """The policy in force."""
    policy = await repo.current_policy(uow)
    if policy is None:
        raise NotFound(what="policy")
    return policy


async def approvers_above(
    uow: Uow, version: int, *, amount: Decimal, cost_centre: str, categories: Sequence[str]
) -> list[tuple[Approver, ...]]:
    """Who is asked when a tier has nobody left: the approvers of each step of the tiers above it, in their order.

    By the version of the policy that the approval was opened with; ``amount`` is in its currency.
    """
    rules = await repo.policy_of_version(uow, version)
    department = await directory.department_of(uow.connection, cost_centre)
    tiers = tiers_for_all(rules.tiers, amount, department, categories)
    return [step.approvers for tier in tiers[1:] for step in tier.steps]


@requires(Permission.policies_read)
async def show_receiving_policy(uow: Uow, actor: Actor) -> ReceivingPolicy:
    """How goods are received now."""
    return await repo.receiving_policy(uow)
