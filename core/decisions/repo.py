"""Every SELECT and UPDATE of decisions: verdicts, their log, undo, questions and answers.

One rule: a decision is one guarded UPDATE.
"""

import datetime as dt
from dataclasses import replace
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from core.access.actor import Actor
from core.approvals.model import Approval, Step
from core.approvals.states import ApprovalState, StepState, StepVerb, Verdict, after_step
from core.approvals.tables import approval_questions, approval_steps, approvals
from core.db.compiled import Prebuilt
from core.decisions.tables import approval_logs
from core.kernel.ids import new_id
from core.uow import Uow

_A = approvals.c
_S = approval_steps.c


_LOG_COLUMNS = tuple(column.name for column in approval_logs.columns if column.name != "step_id")
_decided = (
    update(approval_steps)
    .where(_S.id == bindparam("step"), _S.state == StepState.open.value)
    .values(
        state=StepState.done.value,
        decided_by=bindparam("person"),
        decided_for=bindparam("absent"),
        decided_at=bindparam("now"),
        verb=bindparam("given_verb"),
        comment=bindparam("given_comment"),
    )
    .returning(_S.id)
    .cte("decided")
)
_DECIDE = Prebuilt(
    insert(approval_logs).from_select(
        ["step_id", *_LOG_COLUMNS],
        select(
            _decided.c.id,
            *(bindparam(f"log_{name}", type_=approval_logs.c[name].type) for name in _LOG_COLUMNS),
        ),
    )
)


async def decide_step(
    uow: Uow, approval: Approval, step: Step, actor: Actor, verb: Verdict, comment: str
) -> Step | None:
    """The one UPDATE that only the first of many can win; None for all others.

    A deputy decides in place of the candidate. The verdict's own row is written with it and never changed.
    """
    absent = step.decides_for(actor.person_id)
    log = {
        "id": new_id(),
        "approval_id": approval.id,
        "approver": actor.person_id,
        "on_behalf_of": absent,
        "verb": verb.value,
        "comment": comment,
        "approval_version": approval.version,
        "subject_version": approval.subject.version,
        "decided_at": uow.now,
        "round": step.round,
    }
    facts = {
        "step": step.id,
        "person": actor.person_id,
        "absent": absent,
        "now": uow.now,
        "given_verb": verb.value,
        "given_comment": comment,
        **{f"log_{name}": value for name, value in log.items()},
    }
    result = await uow.connection.execute(_DECIDE, facts)
    if result.rowcount != 1:
        return None
    return replace(
        step,
        state=StepState.done,
        decided_by=actor.person_id,
        decided_for=absent,
        decided_at=uow.now,
        verb=verb,
        comment=comment,
        deputies=(),
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
    """Open the next step with the people who are left; the policy has routed it, so nobody waits for n8n."""
    await uow.connection.execute(
        update(approval_steps)
        .where(_S.id == step.id, _S.state == StepState.waiting.value)
        .values(
            state=StepState.open.value,
            candidates=list(step.candidates),
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
