"""Every SELECT and UPDATE of waiting too long: what is overdue, what nobody can decide, who is asked too."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import any_, exists, insert, select, update

from core.approvals import rows
from core.approvals.model import Approval, Step
from core.approvals.repo import load
from core.approvals.states import StepState
from core.approvals.tables import approval_steps, approvals
from core.kernel.errors import NotFound
from core.kernel.ids import StepId
from core.people import directory
from core.people.tables import people
from core.uow import Uow

_A = approvals.c
_S = approval_steps.c
_P = people.c


async def count_reminder(uow: Uow, step: Step, next_at: dt.datetime | None) -> bool:
    """Count one reminder, once; None: nothing more is to come."""
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
        .where(_S.state == StepState.open.value, _S.remind_at <= now)
        .order_by(_S.remind_at)
        .limit(100)
    )
    return [StepId(step_id) for step_id in found]


async def stuck_steps(uow: Uow) -> Sequence[StepId]:
    """Open steps none of whose candidates is there and may decide, and that nobody was told of.

    A deputy is no way out: who may not decide any more cannot be stood in for.
    """
    able = select(_P.id).where(_P.id == any_(_S.candidates), _P.id.in_(directory.decider_ids()))
    found = await uow.connection.scalars(
        select(_S.id)
        .where(
            _S.state == StepState.open.value, _S.stuck_at.is_(None), ~exists(able.correlate(approval_steps))
        )
        .limit(100)
    )
    return [StepId(step_id) for step_id in found]


async def escalate(uow: Uow, approval: Approval, step: Step, escalated: Step) -> None:
    """A step with more candidates takes the place of one; what is decided has another version by that."""
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
