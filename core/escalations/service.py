"""The use cases of escalation: remind, ask others too, and find steps that nobody can decide.

One rule: each happens once, because the purchase is locked, the step is read again and a guarded UPDATE
counts.
"""

import datetime as dt
from dataclasses import replace

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.approvals import repo as approvals
from core.approvals.model import Approval, Step
from core.approvals.service import envelope, report_when_stuck
from core.approvals.states import StepState, StepVerb, after_step
from core.escalations import repo
from core.escalations.commands import HandleStuckStep, RemindStep
from core.escalations.events import ApprovalEscalated, ApprovalOverdue
from core.escalations.next_people import next_people
from core.kernel.ids import PersonId, StepId, new_id
from core.people import directory
from core.policies import deadlines
from core.uow import Uow


@requires(Permission.approvals_remind)
async def remind(uow: Uow, actor: Actor, command: RemindStep) -> None:
    """Remind whoever decides a step that waits too long; when it stays overdue, ask others too."""
    approval, step = await _open(uow, command.step_id)
    if step is None or step.due_at is None or step.paused_at is not None:
        return
    counted_from = step.due_at - dt.timedelta(hours=approval.due_hours)
    if step.remind_at is None or step.remind_at > uow.now:
        return
    if uow.now >= deadlines.escalates_at(counted_from, step.due_at):
        await repo.count_reminder(uow, step, None)
        if not await _escalate(uow, approval, step, "overdue"):
            await report_when_stuck(uow, approval, step)
        return
    if await repo.count_reminder(uow, step, deadlines.next_reminder_at(counted_from, step.due_at, uow.now)):
        await uow.record(
            ApprovalOverdue(
                **envelope(approval),
                step_id=step.id,
                reminder=step.reminders + 1,
                kind=deadlines.reminder_kind(step.due_at, uow.now).value,
                due_at=step.due_at,
                candidates=step.candidates,
                title=approval.title,
            )
        )


@requires(Permission.approvals_remind)
async def handle_stuck_step(uow: Uow, actor: Actor, command: HandleStuckStep) -> None:
    """Nobody can decide a step any more: notify the administrators and ask the next people."""
    approval, step = await _open(uow, command.step_id)
    if step is None or step.stuck_at is not None:
        return
    if await directory.count_deciders(uow.connection, step.deciders) >= step.still_needed:
        return
    await report_when_stuck(uow, approval, step)
    await _escalate(uow, approval, step, "nobody")


async def _open(uow: Uow, step_id: StepId) -> tuple[Approval, Step | None]:
    """The approval under its lock, and its open step if it is still this one."""
    seen = await repo.approval_of_step(uow, step_id)
    await uow.lock_purchase(seen.request_id)
    approval = await approvals.load(uow, seen.id)
    step = approval.open_step
    return approval, step if step is not None and step.id == step_id else None


async def _escalate(uow: Uow, approval: Approval, step: Step, why: str) -> bool:
    """Ask the next people in addition to those already asked; false when there is nobody else."""
    people = await next_people(uow, approval, step)
    if not people:
        return False
    fresh = _escalated_step(uow, approval, step, people)
    await repo.escalate(uow, approval, replace(step, state=after_step(step.state, StepVerb.escalate)), fresh)
    after = replace(approval, version=approval.version + 1)
    await uow.record(
        ApprovalEscalated(
            **envelope(after),
            step_id=fresh.id,
            step=fresh.name,
            why=why,
            asked=people,
            candidates=fresh.candidates,
        )
    )
    return True


def _escalated_step(uow: Uow, approval: Approval, step: Step, people: tuple[PersonId, ...]) -> Step:
    """The step that replaces one that nobody decided; its time starts again."""
    due = deadlines.due_at(uow.now, approval.due_hours)
    return Step(
        id=StepId(new_id()),
        position=max(each.position for each in approval.steps) + 1,
        name=step.name,
        state=StepState.open,
        candidates=(*step.candidates, *people),
        asked_first=None,
        opened_at=uow.now,
        route_due_at=None,
        routed_at=uow.now,
        due_at=due,
        reminders=0,
        decided_by=None,
        decided_at=None,
        verb=None,
        comment=None,
        round=step.round,
        needs=step.needs,
        approved_by=step.approved_by,
        approved_for=step.approved_for,
        remind_at=deadlines.next_reminder_at(uow.now, due, uow.now),
    )
