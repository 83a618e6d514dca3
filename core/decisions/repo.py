"""Every SELECT and UPDATE of decisions: verdicts, their log, undo, questions and answers.

One rule: a decision is one guarded UPDATE.
"""

import datetime as dt
from uuid import UUID

from sqlalchemy import insert, select, update

from core.access.actor import Actor
from core.approvals.model import Approval, Step
from core.approvals.states import ApprovalState, StepState, StepVerb, Verdict, after_step
from core.approvals.tables import approval_questions, approval_steps, approvals
from core.decisions.tables import approval_logs
from core.kernel.ids import new_id
from core.uow import Uow

_A = approvals.c
_S = approval_steps.c


async def decide_step(uow: Uow, step: Step, actor: Actor, verb: Verdict, comment: str) -> bool:
    """The one UPDATE that only the first of many can win; a deputy decides in place of the candidate."""
    result = await uow.connection.execute(
        update(approval_steps)
        .where(_S.id == step.id, _S.state == StepState.open.value)
        .values(
            state=StepState.done.value,
            decided_by=actor.person_id,
            decided_for=step.decides_for(actor.person_id),
            decided_at=uow.now,
            verb=verb.value,
            comment=comment,
        )
    )
    return result.rowcount == 1


async def log(uow: Uow, approval: Approval, step: Step, actor: Actor, verb: Verdict, comment: str) -> None:
    """Insert one row per verdict; it is never changed."""
    await uow.connection.execute(
        insert(approval_logs).values(
            id=new_id(),
            approval_id=approval.id,
            step_id=step.id,
            approver=actor.person_id,
            on_behalf_of=step.decides_for(actor.person_id),
            verb=verb.value,
            comment=comment,
            approval_version=approval.version,
            subject_version=approval.subject.version,
            decided_at=uow.now,
            round=step.round,
        )
    )


async def reopen(uow: Uow, approval: Approval, step: Step, state: ApprovalState) -> None:
    """The undone approval is pending again, and its last step is open for a new verdict in a new round."""
    await uow.connection.execute(
        update(approvals)
        .where(_A.id == approval.id, _A.state == approval.state.value)
        .values(state=state.value, closed_at=None, undo_until=None)
    )
    await uow.connection.execute(
        update(approval_steps)
        .where(_S.id == step.id, _S.state == step.state.value)
        .values(
            state=after_step(step.state, StepVerb.undo).value,
            decided_by=None,
            decided_for=None,
            decided_at=None,
            verb=None,
            comment=None,
            round=step.round + 1,
        )
    )


async def end_undo(uow: Uow, request_id: UUID) -> None:
    """The order was cancelled some other way, so there is nothing left to undo."""
    await uow.connection.execute(
        update(approvals)
        .where(_A.request_id == request_id, _A.state == ApprovalState.approved.value)
        .values(undo_until=None)
    )


async def open_step(uow: Uow, step: Step, *, due_at: dt.datetime, remind_at: dt.datetime) -> None:
    """Open the next step; the policy has routed it, so nobody waits for n8n."""
    await uow.connection.execute(
        update(approval_steps)
        .where(_S.id == step.id, _S.state == StepState.waiting.value)
        .values(
            state=StepState.open.value,
            opened_at=uow.now,
            routed_at=uow.now,
            due_at=due_at,
            remind_at=remind_at,
        )
    )


async def ask(uow: Uow, approval: Approval, actor: Actor, text: str) -> None:
    await uow.connection.execute(
        insert(approval_questions).values(
            id=new_id(), approval_id=approval.id, asked_by=actor.person_id, asked_at=uow.now, text=text
        )
    )


async def answer(uow: Uow, approval: Approval, actor: Actor, text: str) -> UUID | None:
    """Answer the oldest open question; returns who asked it, or None when there is no question."""
    table = approval_questions.c
    oldest = (
        select(table.id)
        .where(table.approval_id == approval.id, table.answer.is_(None))
        .order_by(table.asked_at)
        .limit(1)
        .scalar_subquery()
    )
    asked_by: UUID | None = await uow.connection.scalar(
        update(approval_questions)
        .where(table.id == oldest, table.answer.is_(None))
        .values(answer=text, answered_by=actor.person_id, answered_at=uow.now)
        .returning(table.asked_by)
    )
    return asked_by
