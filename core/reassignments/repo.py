"""Every SELECT and UPDATE that changes who is asked."""

from collections.abc import Mapping, Sequence

from sqlalchemy import insert, select, update

from core.approvals import repo as approvals_repo
from core.approvals import rows
from core.approvals.model import Approval, Step
from core.approvals.states import StepState
from core.approvals.tables import approval_steps, approvals
from core.db.keyset import constant
from core.kernel.ids import PersonId
from core.uow import Uow

_A, _S = approvals.c, approval_steps.c


async def route(uow: Uow, step: Step, ask_first: PersonId | None) -> bool:
    """Record who is asked first, once."""
    result = await uow.connection.execute(
        update(approval_steps)
        .where(_S.id == step.id, _S.state == StepState.open.value, _S.routed_at.is_(None))
        .values(routed_at=uow.now, asked_first=ask_first)
    )
    return result.rowcount == 1


async def hand_over(uow: Uow, approval: Approval, step: Step) -> None:
    """Store the step's candidates and times; the approval gets a new version, because they changed."""
    await uow.connection.execute(
        update(approval_steps)
        .where(_S.id == step.id, _S.state == StepState.open.value)
        .values(
            candidates=list(step.candidates),
            asked_first=step.asked_first,
            stuck_at=None,
            due_at=step.due_at,
            remind_at=step.remind_at,
            paused_at=step.paused_at,
        )
    )
    await _raise_version(uow, approval)


async def reported_stuck(uow: Uow) -> Sequence[Approval]:
    """Pending approvals whose open step was reported as one that nobody can decide."""
    found = await uow.connection.scalars(
        select(_S.approval_id)
        .where(_S.state == constant(StepState.open), _S.stuck_at.is_not(None))
        .order_by(_S.approval_id)
    )
    return [await approvals_repo.load(uow, approval_id) for approval_id in found]


async def replan(
    uow: Uow,
    planned: Approval,
    approval: Approval,
    replaced: Step,
    fresh: Sequence[Step],
    tier: Mapping[str, object],
) -> None:
    """The undecided steps make room for those of another version of the policy, and no undo brings them back."""
    await uow.connection.execute(
        update(approval_steps).where(_S.id == replaced.id).values(state=replaced.state.value, remind_at=None)
    )
    await uow.connection.execute(
        update(approval_steps)
        .where(_S.approval_id == approval.id, _S.state == StepState.waiting.value)
        .values(state=StepState.skipped.value, ask_once=False)
    )
    await uow.connection.execute(
        insert(approval_steps), [rows.step_columns(approval.id, step) for step in fresh]
    )
    await uow.connection.execute(
        update(approvals)
        .where(_A.id == approval.id)
        .values(
            policy_version=planned.policy_version,
            policy_tier=tier,
            amount_base=planned.amount_base,
            base_currency=planned.base_currency,
            routed_base=planned.routed_base,
            beside_base=planned.beside_base,
            siblings=list(planned.siblings),
        )
    )
    await _raise_version(uow, approval)


async def _raise_version(uow: Uow, approval: Approval) -> None:
    await uow.connection.execute(
        update(approvals).where(_A.id == approval.id).values(version=approval.version + 1)
    )
