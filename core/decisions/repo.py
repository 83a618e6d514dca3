"""Every SELECT and UPDATE of decisions: verdicts, their log, undo, questions and answers.

One rule: a decision is one guarded UPDATE.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import bindparam, exists, func, insert, literal, select, union_all, update
from sqlalchemy.dialects.postgresql import ARRAY

from core.access.actor import Actor
from core.access.guard import person_of
from core.approvals import policy as approvals_policy
from core.approvals import rows
from core.approvals.model import Approval, Step
from core.approvals.repo import WHOLE
from core.approvals.states import ApprovalState, StepState, StepVerb, Verdict, after_step
from core.approvals.tables import approval_questions, approval_steps, approvals
from core.db.base import Id, Moment
from core.db.batches import add_one, added_one, nested
from core.db.compiled import Prebuilt
from core.db.keyset import in_array_of, in_ids
from core.db.pending import SwapWrite
from core.decisions import policy
from core.decisions.tables import approval_logs
from core.delegations import repo as delegations
from core.kernel.errors import NotFound, first_or_not_found
from core.kernel.ids import new_id
from core.people.tables import people
from core.uow import Uow

_A = approvals.c
_S = approval_steps.c
_Q = approval_questions.c


_of_approval = _S.approval_id == bindparam("id")
_asked_now = select(func.unnest(_S.candidates)).where(_of_approval, _S.state == StepState.open.value)
_known = union_all(
    select(_A.requested_by).where(_A.id == bindparam("id")),
    select(func.unnest(_S.candidates)).where(_of_approval),
    select(_S.decided_by).where(_of_approval),
    select(_S.decided_for).where(_of_approval),
    select(func.unnest(_S.approved_by)).where(_of_approval),
    select(func.unnest(_S.approved_for)).where(_of_approval),
    select(_Q.asked_by).where(_Q.approval_id == bindparam("id")),
)
_LOAD_WITH_NAMES = Prebuilt(
    WHOLE.add_columns(
        delegations.nested_of(_asked_now).label("delegations"),
        nested(
            people.c.id, people.c.name, where=in_array_of(people.c.id, _known), order_by=people.c.id
        ).label("names"),
    ).where(_A.id == bindparam("id"))
)
_ADD_LOG = add_one(approval_logs, *(column.name for column in approval_logs.columns))
_VERSION = Prebuilt(
    select(_A.version).join(approval_steps, _S.approval_id == _A.id).where(_S.id == bindparam("row_id"))
)
_DECIDE = Prebuilt(
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
)


_APPROVE = Prebuilt(
    update(approval_steps)
    .where(
        _S.id == bindparam("step"),
        _S.state == StepState.open.value,
        func.cardinality(_S.approved_by) == bindparam("seen"),
    )
    .values(
        candidates=bindparam("left", type_=ARRAY(Id)),
        approved_by=bindparam("people", type_=ARRAY(Id)),
        approved_for=bindparam("absent_people", type_=ARRAY(Id)),
        asked_first=None,
    )
    .returning(_S.id)
)


async def visible_with_names(uow: Uow, actor: Actor, approval_id: UUID) -> tuple[Approval, dict[UUID, str]]:
    """The approval, with the names of everybody whom its card can show; NotFound as in ``visible_to``."""
    found = (await uow.connection.execute(_LOAD_WITH_NAMES, {"id": approval_id, "now": uow.now})).all()
    row = first_or_not_found(found, what="approval")
    absent = delegations.of_nested(row.delegations)
    names = dict(row.names)
    for each in absent:
        names[each.deputy] = each.deputy_name
    approval = approvals_policy.with_deputies(rows.approval_of(row), absent)
    if not approvals_policy.may_see(actor, approval):
        raise NotFound(what="approval")
    return approval, names


async def decide_step(
    uow: Uow, approval: Approval, step: Step, actor: Actor, verb: Verdict, comment: str
) -> Step:
    """The one UPDATE that only the first of many can win; Stale for all others, at the latest before the commit.

    A deputy decides in place of the candidate. The verdict's own row is written with it and never changed.
    """
    absent = step.decides_for(actor.person_id)
    facts = {
        "step": step.id,
        "person": actor.person_id,
        "absent": absent,
        "now": uow.now,
        "given_verb": verb.value,
        "given_comment": comment,
    }
    log = _log_of(uow, approval, step, actor, verb, comment)
    await _write_verdict(uow, approval, _DECIDE, facts, log)
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


async def add_approval(uow: Uow, approval: Approval, step: Step, actor: Actor, comment: str) -> Step:
    """One of several approvals of a step, which stays open; guarded by how many there were before."""
    after = policy.with_approval(step, person_of(actor))
    facts = {
        "step": step.id,
        "seen": len(step.approved_by),
        "left": list(after.candidates),
        "people": list(after.approved_by),
        "absent_people": list(after.approved_for),
    }
    log = _log_of(uow, approval, step, actor, Verdict.approve, comment)
    await _write_verdict(uow, approval, _APPROVE, facts, log)
    return after


def _log_of(
    uow: Uow, approval: Approval, step: Step, actor: Actor, verb: Verdict, comment: str
) -> dict[str, object]:
    """The verdict's own row."""
    return {
        "id": new_id(),
        "approval_id": approval.id,
        "step_id": step.id,
        "approver": actor.person_id,
        "on_behalf_of": step.decides_for(actor.person_id),
        "verb": verb.value,
        "comment": comment,
        "approval_version": approval.version,
        "subject_version": approval.subject.version,
        "decided_at": uow.now,
        "round": step.round,
    }


async def _write_verdict(
    uow: Uow,
    approval: Approval,
    change: Prebuilt,
    facts: Mapping[str, object],
    log: dict[str, object],
) -> None:
    """The guarded UPDATE of a step, with the verdict's row in the log."""
    await uow.connection.later(
        SwapWrite(
            statement=change,
            values=facts,
            table=approval_steps.name,
            row_id=facts["step"],
            version=approval.version,
            what="approval",
            current=_VERSION,
        ),
        added_one(_ADD_LOG, approval_logs, log),
    )


async def reopen(uow: Uow, approval: Approval, step: Step, state: ApprovalState) -> None:
    """The undone approval is pending again, and its last step is open for a new verdict in a new round.

    The steps that were passed over after that verdict wait again: the next one may be somebody else's.
    """
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
    if skipped := policy.skipped_after(approval, step):
        await uow.connection.execute(
            update(approval_steps)
            .where(in_ids(_S.id, [each.id for each in skipped]), _S.state == StepState.skipped.value)
            .values(state=after_step(StepState.skipped, StepVerb.undo).value)
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


async def skip_step(uow: Uow, step: Step) -> None:
    """Nobody is asked at this step."""
    await uow.connection.execute(
        update(approval_steps)
        .where(_S.id == step.id, _S.state == StepState.waiting.value)
        .values(state=after_step(step.state, StepVerb.skip).value)
    )


async def ask(uow: Uow, approval: Approval, actor: Actor, text: str) -> None:
    """The question is open, and the clock of the open step stands still."""
    await uow.connection.execute(
        insert(approval_questions).values(
            id=new_id(), approval_id=approval.id, asked_by=actor.person_id, asked_at=uow.now, text=text
        )
    )
    await uow.connection.execute(
        update(approval_steps)
        .where(_S.approval_id == approval.id, _S.state == StepState.open.value, _S.paused_at.is_(None))
        .values(paused_at=uow.now)
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
    if asked_by is not None:
        await _go_on(uow, approval)
    return asked_by


async def _go_on(uow: Uow, approval: Approval) -> None:
    """After the last open question the clock goes on from where it stood: all times are later by the pause."""
    still_open = exists().where(_Q.approval_id == approval.id, _Q.answer.is_(None))
    pause = literal(uow.now, Moment) - _S.paused_at
    await uow.connection.execute(
        update(approval_steps)
        .where(_S.approval_id == approval.id, _S.paused_at.is_not(None), ~still_open)
        .values(due_at=_S.due_at + pause, remind_at=_S.remind_at + pause, paused_at=None)
    )
