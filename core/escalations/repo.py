"""Every SELECT and UPDATE of escalations: overdue steps, steps nobody can decide, and who is asked as well."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import cast, func, insert, select, true, update

from core.approvals import rows
from core.approvals.model import Approval, Step
from core.approvals.repo import load
from core.approvals.states import StepState
from core.approvals.tables import approval_steps, approvals
from core.db.base import Id
from core.db.keyset import constant
from core.kernel.errors import NotFound
from core.kernel.ids import ApprovalId, StepId
from core.people import directory
from core.uow import Uow

_A = approvals.c
_S = approval_steps.c


async def count_reminder(uow: Uow, step: Step, next_at: dt.datetime | None) -> bool:
    """Count one reminder, once; None when no further one will come."""
    result = await uow.connection.execute(
        update(approval_steps)
        .where(_S.id == step.id, _S.state == StepState.open.value, _S.reminders == step.reminders)
        .values(reminders=step.reminders + 1, remind_at=next_at)
    )
    return result.rowcount == 1


async def overdue(uow: Uow, now: dt.datetime) -> Sequence[StepId]:
    """Open steps whose reminder is due."""
    found = await uow.connection.scalars(
        select(_S.id)
        .where(_S.state == constant(StepState.open), _S.remind_at <= now, _S.paused_at.is_(None))
        .order_by(_S.remind_at)
        .limit(100)
    )
    return [StepId(step_id) for step_id in found]


async def unrouted(uow: Uow, now: dt.datetime) -> Sequence[ApprovalId]:
    """Approvals for which n8n's time to name an approver has run out."""
    found = await uow.connection.scalars(
        select(_S.approval_id).where(
            _S.state == constant(StepState.open), _S.routed_at.is_(None), _S.route_due_at <= now
        )
    )
    return [ApprovalId(approval_id) for approval_id in found]


async def stuck_steps(uow: Uow) -> Sequence[StepId]:
    """Open steps with fewer candidates who are active and may decide than they need, and not reported yet.

    A deputy does not help: somebody who may no longer decide cannot have a deputy.
    """
    asked = func.unnest(_S.candidates).table_valued("id").render_derived().lateral("asked")
    able = directory.decider_ids().subquery("able")
    needed = _S.needs - func.cardinality(_S.approved_by)
    found = await uow.connection.scalars(
        select(_S.id)
        .select_from(approval_steps)
        .outerjoin(asked, true())
        .outerjoin(able, able.c.id == cast(asked.c.id, Id))
        .where(_S.state == constant(StepState.open), _S.stuck_at.is_(None))
        .group_by(_S.id)
        .having(func.count(able.c.id) < needed)
        .limit(100)
    )
    return [StepId(step_id) for step_id in found]


async def escalate(uow: Uow, approval: Approval, step: Step, escalated: Step) -> None:
    """Replace the step by one with more candidates; the approval thereby gets a new version."""
    await uow.connection.execute(
        update(approval_steps).where(_S.id == step.id).values(state=step.state.value, remind_at=None)
    )
    await uow.connection.execute(insert(approval_steps).values(**rows.step_columns(approval.id, escalated)))
    await uow.connection.execute(
        update(approvals).where(_A.id == approval.id).values(version=approval.version + 1)
    )


async def approval_of_step(uow: Uow, step_id: StepId) -> Approval:
    approval_id = await uow.connection.scalar(select(_S.approval_id).where(_S.id == step_id))
    if approval_id is None:
        raise NotFound(what="step")
    return await load(uow, approval_id)
