"""Every SELECT and INSERT of policies."""

from sqlalchemy import insert, select

from core.log.events import as_json
from core.policies import rows
from core.policies.model import Policy, ReceivingPolicy
from core.policies.tables import approval_policies, receiving_policies
from core.uow import Uow


async def current_policy(uow: Uow) -> Policy | None:
    """The newest version of the policy."""
    row = (
        await uow.connection.execute(
            select(approval_policies).order_by(approval_policies.c.version.desc()).limit(1)
        )
    ).one_or_none()
    return rows.policy_of(row) if row else None


async def policy_of_version(uow: Uow, version: int) -> Policy:
    """The policy that a pending approval was opened with."""
    found = select(approval_policies).where(approval_policies.c.version == version)
    return rows.policy_of((await uow.connection.execute(found)).one())


async def undo_seconds(uow: Uow, version: int) -> int:
    """How long an approval under this version of the policy can be undone."""
    found = await uow.connection.scalar(
        select(approval_policies.c.undo_seconds).where(approval_policies.c.version == version)
    )
    return found or 0


async def add_policy(uow: Uow, fresh: Policy) -> None:
    await uow.connection.execute(
        insert(approval_policies).values(
            version=fresh.version,
            currency=fresh.currency,
            undo_seconds=fresh.undo_seconds,
            tiers=[rows.tier_json(tier) for tier in fresh.tiers],
            splits=as_json(fresh.splits),
            set_by=fresh.set_by,
            set_at=fresh.set_at,
        )
    )


async def receiving_policy(uow: Uow) -> ReceivingPolicy:
    """The newest version of how goods are received, or the one that holds before anybody has set one."""
    newest = select(receiving_policies).order_by(receiving_policies.c.version.desc()).limit(1)
    row = (await uow.connection.execute(newest)).one_or_none()
    return rows.receiving_policy_of(row) if row else ReceivingPolicy()


async def add_receiving_policy(uow: Uow, fresh: ReceivingPolicy) -> None:
    await uow.connection.execute(
        insert(receiving_policies).values(
            version=fresh.version,
            colleagues=fresh.colleagues,
            percent=fresh.percent,
            tolerances=as_json(fresh.tolerances),
            set_by=fresh.set_by,
            set_at=fresh.set_at,
        )
    )
