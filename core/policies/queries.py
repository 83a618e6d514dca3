"""The read models of the policies."""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.errors import NotFound
from core.policies import repo
from core.policies.model import Policy, ReceivingPolicy
from core.uow import Uow


@requires(Permission.policies_read)
async def show_policy(uow: Uow, actor: Actor) -> Policy:
    """The policy in force."""
    policy = await repo.current_policy(uow)
    if policy is None:
        raise NotFound(what="policy")
    return policy


@requires(Permission.policies_read)
async def show_receiving_policy(uow: Uow, actor: Actor) -> ReceivingPolicy:
    """How goods are received now."""
    return await repo.receiving_policy(uow)
