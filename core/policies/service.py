"""The use cases of the policies: set a new version."""

from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.errors import Stale
from core.policies import approvers, policy, repo
from core.policies.commands import SetPolicy, SetReceivingPolicy
from core.policies.events import PolicySet, ReceivingPolicySet
from core.policies.model import Policy, ReceivingPolicy
from core.uow import Uow

POLICY_SUBJECT = UUID("00000000-0000-7000-8000-000000000001")
RECEIVING_SUBJECT = UUID("00000000-0000-7000-8000-000000000002")


@requires(Permission.policies_set)
async def set_policy(uow: Uow, actor: Actor, command: SetPolicy) -> Policy:
    """Set a new version of the policy; pending approvals keep the one they were opened with."""
    policy.check_policy(command)
    await uow.lock_purchase(POLICY_SUBJECT)
    current = await repo.current_policy(uow)
    version = current.version if current else 0
    if command.expected_version is not None and command.expected_version != version:
        raise Stale(what="policy", expected=command.expected_version, current=version)
    await approvers.check_names(uow, command)
    fresh = Policy(
        version + 1,
        command.currency,
        command.tiers,
        command.undo_seconds,
        actor.name,
        uow.now,
        command.splits,
    )
    await repo.add_policy(uow, fresh)
    await uow.record(
        PolicySet(
            subject_id=POLICY_SUBJECT,
            subject_version=fresh.version,
            currency=fresh.currency,
            tiers=fresh.tiers,
            undo_seconds=fresh.undo_seconds,
            splits=fresh.splits,
        )
    )
    return fresh


@requires(Permission.policies_set)
async def set_receiving_policy(uow: Uow, actor: Actor, command: SetReceivingPolicy) -> ReceivingPolicy:
    """Set a new version of how goods are received; it holds for every delivery from now on."""
    policy.check_receiving_policy(command)
    await uow.lock_purchase(RECEIVING_SUBJECT)
    current = await repo.receiving_policy(uow)
    if command.expected_version is not None and command.expected_version != current.version:
        raise Stale(what="policy", expected=command.expected_version, current=current.version)
    fresh = ReceivingPolicy(
        current.version + 1, command.colleagues, command.percent, command.tolerances, actor.name, uow.now
    )
    await repo.add_receiving_policy(uow, fresh)
    await uow.record(
        ReceivingPolicySet(
            subject_id=RECEIVING_SUBJECT,
            subject_version=fresh.version,
            colleagues=fresh.colleagues,
            percent=fresh.percent,
            tolerances=fresh.tolerances,
        )
    )
    return fresh
