"""The use cases of a decision: decide and undo, ask and answer."""

import datetime as dt
from dataclasses import replace

from core.access.actor import Actor
from core.access.guard import Changed, person_of, requires
from core.access.permissions import Permission
from core.approvals import repo as approvals
from core.approvals.events import ApprovalEvent
from core.approvals.model import Approval, ApprovalDetails, Step
from core.approvals.service import end, envelope, report_when_stuck
from core.approvals.states import ApprovalVerb, Verdict, after_approval
from core.approvals.tables import approvals as approval_table
from core.decisions import policy, repo
from core.decisions.commands import AnswerQuestion, Decide
from core.decisions.errors import NoQuestion
from core.decisions.events import (
    ApprovalApproved,
    ApprovalDecided,
    ApprovalRejected,
    ApprovalStepOpened,
    ApprovalStepSkipped,
    ApprovalUndone,
    QuestionAnswered,
    QuestionAsked,
)
from core.decisions.other_people import next_candidates
from core.decisions.queries import details, details_with
from core.log.events import Event
from core.people import directory
from core.policies import deadlines
from core.uow import Uow


@requires(Permission.approvals_decide, Changed(approval_table, "approval_id"))
async def decide(uow: Uow, actor: Actor, command: Decide) -> ApprovalDetails:
    """Record one approver's verdict on the step that is open for them, or undo the last one.

    Raises OwnRequest, NotCandidate, AlreadyDecided (names the winner), NotPending or Stale; for an undo
    NothingToUndo, NotDecider or UndoTooLate.
    """
    await uow.lock_purchase_of(approval_table, command.approval_id)
    approval, names = await repo.visible_with_names(uow, actor, command.approval_id)
    if command.verb is Verdict.undo:
        last = policy.check_may_undo(actor, approval, names, uow.now)
        policy.check_command(command, approval)
        return await _undo(uow, actor, approval, last, command.comment)
    check = (
        policy.check_may_reject_request if command.verb is Verdict.reject_request else policy.check_may_decide
    )
    step = check(actor, approval, names)
    policy.check_command(command, approval)
    if command.verb is Verdict.ask:
        return await _ask(uow, actor, approval, command.comment)
    partly = command.verb is Verdict.approve and step.still_needed > 1
    if partly:
        decided = await repo.add_approval(uow, approval, step, actor, command.comment)
    else:
        decided = await repo.decide_step(uow, approval, step, actor, command.verb, command.comment)
    await uow.record(
        ApprovalDecided(
            **envelope(approval),
            on_behalf_of=step.decides_for(actor.person_id),
            step_id=step.id,
            step=step.name,
            verb=command.verb.value,
            comment=command.comment,
            approval_version=approval.version,
        )
    )
    if partly:
        return await details(uow, actor, await approvals.load(uow, approval.id))
    if command.verb not in policy.REJECTING:
        waiting = await _skip_asked_already(uow, approval, decided)
        if waiting:
            await _open_next(uow, policy.with_decided(approval, decided), waiting[0])
            return await details(uow, actor, await approvals.load(uow, approval.id))
    ended = await _end(uow, actor, approval, decided, command)
    return details_with(uow, actor, ended, names)


async def _end(uow: Uow, actor: Actor, approval: Approval, decided: Step, command: Decide) -> Approval:
    """End the approval with its last verdict; reactions do what follows."""
    rejected, seconds = command.verb in policy.REJECTING, policy.undo_seconds(approval)
    until = uow.now + dt.timedelta(seconds=seconds) if seconds and not rejected else None
    verb = ApprovalVerb.reject if rejected else ApprovalVerb.approve
    await end(uow, policy.with_decided(approval, decided), verb, until)
    ended = policy.ended(approval, decided, after_approval(approval.state, verb), uow.now, until)
    common = {**envelope(approval), "on_behalf_of": decided.decided_for}
    if rejected:
        event: ApprovalEvent = ApprovalRejected(
            **common,
            rejected_by=person_of(actor),
            reason=command.comment,
            request_too=command.verb is Verdict.reject_request,
        )
    else:
        event = ApprovalApproved(**common, approved_by=person_of(actor), undo_until=until)
    await uow.record(event)
    return ended


async def _undo(uow: Uow, actor: Actor, approval: Approval, step: Step, comment: str) -> ApprovalDetails:
    """Make the approval pending again; reactions undo what followed, or refuse when the order is on its way."""
    await repo.reopen(uow, approval, step, after_approval(approval.state, ApprovalVerb.undo))
    await uow.record(ApprovalUndone(**envelope(approval), step_id=step.id, step=step.name, comment=comment))
    return await details(uow, actor, await approvals.load(uow, approval.id))


async def _skip_asked_already(uow: Uow, approval: Approval, decided: Step) -> tuple[Step, ...]:
    """Skip the steps that follow at once and have the same person, where the policy asks once; returns the rest."""
    waiting = approval.waiting_steps
    while waiting and policy.asked_already(waiting[0], decided):
        await repo.skip_step(uow, waiting[0])
        await uow.record(
            ApprovalStepSkipped(
                **envelope(approval), step_id=waiting[0].id, step=waiting[0].name, after=decided.name
            )
        )
        waiting = waiting[1:]
    return waiting


async def _open_next(uow: Uow, approval: Approval, step: Step) -> None:
    due = deadlines.due_at(uow.now, approval.due_hours)
    remind_at = deadlines.next_reminder_at(uow.now, due, uow.now)
    step = replace(step, candidates=await next_candidates(uow, approval, step))
    await repo.open_step(uow, step, due_at=due, remind_at=remind_at)
    await uow.record(
        ApprovalStepOpened(**envelope(approval), step_id=step.id, step=step.name, candidates=step.candidates)
    )
    if len(step.candidates) < step.still_needed:
        await report_when_stuck(uow, approval, step)


async def _ask(uow: Uow, actor: Actor, approval: Approval, text: str) -> ApprovalDetails:
    """A question decides nothing: the requester is asked and the step stays open."""
    await repo.ask(uow, approval, actor, text)
    await uow.record(QuestionAsked(**envelope(approval), text=text, asks=approval.requested_by))
    return await details(uow, actor, await approvals.load(uow, approval.id))


@requires(Permission.approvals_answer)
async def answer(uow: Uow, actor: Actor, command: AnswerQuestion) -> ApprovalDetails:
    """The requester answers the approver's oldest open question."""
    approval = await approvals.visible_to(uow, actor, command.approval_id)
    asked = actor.is_person(approval.requested_by)
    names = {} if asked else await directory.names(uow.connection, [approval.requested_by])
    policy.check_may_answer(actor, approval, names)
    asked_by = await repo.answer(uow, approval, actor, command.text)
    if asked_by is None:
        raise NoQuestion(state=approval.state.value)
    await uow.record(QuestionAnswered(**envelope(approval), text=command.text, asked_by=asked_by))
    return await details(uow, actor, await approvals.load(uow, approval.id))


async def on_order_cancelled(uow: Uow, event: Event) -> None:
    """Procurement cancelled the order, so the approver has nothing left to undo."""
    if event.request_id is not None:
        await repo.end_undo(uow, event.request_id)
