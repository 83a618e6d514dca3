"""The use cases of approvals: open, decide and undo, ask and answer, route, withdraw, set the policy."""

import datetime as dt
from typing import Any
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.approvals import deadlines, policy, repo, routing
from core.approvals.commands import AnswerQuestion, Decide, OpenApproval, Route, SetPolicy
from core.approvals.errors import NoQuestion, NotAmongCandidates, NotAsked
from core.approvals.events import (
    ApprovalApproved,
    ApprovalDecided,
    ApprovalDeputised,
    ApprovalOpened,
    ApprovalRejected,
    ApprovalRouted,
    ApprovalStepOpened,
    ApprovalStuck,
    ApprovalUndone,
    ApprovalWithdrawn,
    PolicySet,
    QuestionAnswered,
    QuestionAsked,
)
from core.approvals.model import Approval, ApprovalDetails, Policy, Step
from core.approvals.queries import details
from core.approvals.rows import tier_json
from core.approvals.states import ApprovalVerb, Verdict, after_approval
from core.db.locks import lock_case
from core.delegations.events import DelegationEvent
from core.identity import directory
from core.kernel.errors import Stale
from core.log.events import Event
from core.uow import Uow

POLICY_SUBJECT = UUID("00000000-0000-7000-8000-000000000001")


@requires(Permission.approvals_open)
async def open_approval(uow: Uow, actor: Actor, command: OpenApproval) -> Approval:
    """Ask the policy who decides about a subject, and open the first step; once per subject version."""
    await lock_case(uow.connection, command.request_id)
    subject = command.subject
    known = await repo.of_subject(uow, subject.kind, subject.id, subject.version)
    if known is not None:
        return known
    waiting = await repo.pending_of_case(uow, command.request_id)
    if waiting is not None and waiting.subject.id == subject.id:
        return waiting  # an undone approval: its subject has moved there and back, and is what it was
    approval, tier = await routing.plan(uow, command)
    await repo.add(uow, approval, {"tier": tier_json(tier)})
    first = approval.steps[0]
    await uow.record(
        ApprovalOpened(
            **envelope(approval),
            amount=approval.amount,
            currency=approval.currency,
            policy_version=approval.policy_version,
            tier=tier.name,
            step_id=first.id,
            candidates=first.candidates,
            title=approval.title,
        )
    )
    if first.routed_at is not None:
        await _routed(uow, approval, first, None, "policy")
    if not first.candidates:
        await tell_when_stuck(uow, approval, first)
    return approval


@requires(Permission.approvals_decide)
async def decide(uow: Uow, actor: Actor, command: Decide) -> ApprovalDetails:
    """Record one approver's verdict on the step that is open for them, or take the last one back.

    Raises OwnRequest, NotCandidate, AlreadyDecided (names the winner), NotPending or Stale; for an undo
    NothingToUndo, NotDecider or UndoLate.
    """
    seen = await repo.visible_to(uow, actor, command.approval_id)
    await lock_case(uow.connection, seen.request_id)
    approval = await repo.load(uow, command.approval_id)
    names = await routing.names(uow, approval)
    if command.verb is Verdict.undo:
        last = policy.check_undo(actor, approval, command, names, uow.now)
        return await _undo(uow, actor, approval, last, command.comment)
    step = policy.check_decision(actor, approval, command, names)
    if command.verb is Verdict.ask:
        return await _ask(uow, actor, approval, command.comment)
    if not await repo.decide_step(uow, step, actor, command.verb, command.comment):
        raise policy.lost_race(await repo.load(uow, approval.id), names)
    await repo.log(uow, approval, step, actor, command.verb, command.comment)
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
    await _follow(uow, actor, approval, step, command)
    return await details(uow, actor, await repo.load(uow, approval.id))


async def _follow(uow: Uow, actor: Actor, approval: Approval, step: Step, command: Decide) -> None:
    """After a verdict: the next step, or the end."""
    if actor.person_id is None:
        return
    told = {**envelope(approval), "on_behalf_of": step.decides_for(actor.person_id)}
    if command.verb is Verdict.reject:
        await _end(uow, approval, ApprovalVerb.reject)
        await uow.record(ApprovalRejected(**told, rejected_by=actor.person_id, reason=command.comment))
    elif approval.waiting_steps:
        await _open_next(uow, approval, approval.waiting_steps[0])
    else:
        seconds = await repo.undo_seconds(uow, approval.policy_version)
        until = uow.now + dt.timedelta(seconds=seconds) if seconds else None
        await _end(uow, approval, ApprovalVerb.approve, until)
        await uow.record(ApprovalApproved(**told, approved_by=actor.person_id, undo_until=until))


async def _undo(uow: Uow, actor: Actor, approval: Approval, step: Step, comment: str) -> ApprovalDetails:
    """Back to pending; what followed goes back by the reactions, or refuses when the order is on its way."""
    await repo.reopen(uow, approval, step, after_approval(approval.state, ApprovalVerb.undo))
    await uow.record(ApprovalUndone(**envelope(approval), step_id=step.id, step=step.name, comment=comment))
    return await details(uow, actor, await repo.load(uow, approval.id))


async def _open_next(uow: Uow, approval: Approval, step: Step) -> None:
    due = deadlines.due_at(uow.now, approval.due_hours)
    remind_at = deadlines.next_moment(uow.now, due, uow.now)
    await repo.open_step(uow, step, due_at=due, remind_at=remind_at)
    await uow.record(
        ApprovalStepOpened(**envelope(approval), step_id=step.id, step=step.name, candidates=step.candidates)
    )
    if not step.candidates:
        await tell_when_stuck(uow, approval, step)


async def _end(
    uow: Uow, approval: Approval, verb: ApprovalVerb, undo_until: dt.datetime | None = None
) -> None:
    await repo.close(uow, approval, after_approval(approval.state, verb), undo_until)
    await repo.skip_rest(uow, approval)


async def _ask(uow: Uow, actor: Actor, approval: Approval, text: str) -> ApprovalDetails:
    """A question decides nothing; the requester is asked and the step stays open."""
    await repo.ask(uow, approval, actor, text)
    await uow.record(QuestionAsked(**envelope(approval), text=text, asks=approval.requested_by))
    return await details(uow, actor, await repo.load(uow, approval.id))


@requires(Permission.approvals_answer)
async def answer(uow: Uow, actor: Actor, command: AnswerQuestion) -> ApprovalDetails:
    """The requester answers the approver's oldest open question."""
    approval = await repo.visible_to(uow, actor, command.approval_id)
    if not actor.is_person(approval.requested_by):
        names = await directory.names(uow.connection, [approval.requested_by])
        raise NotAsked(who=names[approval.requested_by])
    asked_by = await repo.answer(uow, approval, actor, command.text)
    if asked_by is None:
        raise NoQuestion(state=approval.state.value)
    await uow.record(QuestionAnswered(**envelope(approval), text=command.text, asked_by=asked_by))
    return await details(uow, actor, await repo.load(uow, approval.id))


@requires(Permission.approvals_route)
async def route(uow: Uow, actor: Actor, command: Route) -> Approval:
    """Settle who is asked first, among the candidates that the policy allows; then the cards go out."""
    approval = await repo.load(uow, command.approval_id)
    step = approval.open_step
    if step is None or step.routed_at is not None:
        return approval
    if command.ask_first is not None and command.ask_first not in step.candidates:
        names = await routing.names(uow, approval)
        raise NotAmongCandidates(candidates=", ".join(names[person] for person in step.candidates))
    if await repo.route(uow, step, command.ask_first):
        await _routed(
            uow, approval, step, command.ask_first, "policy" if command.ask_first is None else actor.label
        )
    return await repo.load(uow, approval.id)


@requires(Permission.policies_set)
async def set_policy(uow: Uow, actor: Actor, command: SetPolicy) -> Policy:
    """A new version of the policy; approvals in flight keep the one they were opened with."""
    policy.check_policy(command)
    await lock_case(uow.connection, POLICY_SUBJECT)
    current = await repo.current_policy(uow)
    version = current.version if current else 0
    if command.expected_version is not None and command.expected_version != version:
        raise Stale(what="policy", expected=command.expected_version, current=version)
    await routing.check_people(uow, command)
    fresh = Policy(version + 1, command.currency, command.tiers, command.undo_seconds, actor.name, uow.now)
    await repo.add_policy(uow, fresh)
    await uow.record(
        PolicySet(
            subject_id=POLICY_SUBJECT,
            subject_version=fresh.version,
            currency=fresh.currency,
            tiers=fresh.tiers,
            undo_seconds=fresh.undo_seconds,
        )
    )
    return fresh


async def withdraw_pending(uow: Uow, request_id: UUID, reason: str) -> None:
    """End what waits, because what it is about is gone; for reactions and higher slices only."""
    approval = await repo.pending_of_case(uow, request_id)
    if approval is None:
        return
    await _end(uow, approval, ApprovalVerb.withdraw)
    await uow.record(ApprovalWithdrawn(**envelope(approval), reason=reason))


async def on_request_ended(uow: Uow, event: Event) -> None:
    """A withdrawn or cancelled request needs no decision."""
    if event.request_id is not None:
        await withdraw_pending(uow, event.request_id, event.type)


async def on_subject_gone(uow: Uow, event: Event) -> None:
    """What was to be decided is no longer the one: nothing is left to decide."""
    approval = await repo.pending_of_case(uow, event.request_id) if event.request_id else None
    if approval is not None and approval.subject.id == event.subject_id:
        await withdraw_pending(uow, approval.request_id, event.type)


async def on_order_cancelled(uow: Uow, event: Event) -> None:
    """Procurement stopped the order; the approver's undo has nothing left to act on."""
    if event.request_id is not None:
        await repo.end_undo(uow, event.request_id)


async def on_delegation_changed(uow: Uow, event: DelegationEvent) -> None:
    """Somebody stands in, or no longer: what waits for the person who is away is shown to others now."""
    for approval in await repo.pending_with_candidates(uow, [event.giver]):
        step = approval.open_step
        if step is not None:
            deputies = tuple(deputy.person_id for deputy in step.deputies)
            await uow.record(ApprovalDeputised(**envelope(approval), step_id=step.id, deputies=deputies))


async def _routed(uow: Uow, approval: Approval, step: Step, first: UUID | None, by: str) -> None:
    await uow.record(ApprovalRouted(**envelope(approval), step_id=step.id, ask_first=first, by=by))


async def tell_when_stuck(uow: Uow, approval: Approval, step: Step) -> None:
    """Administrators hear of a step that nobody can decide, once."""
    if await repo.mark_stuck(uow, step):
        await uow.record(
            ApprovalStuck(**envelope(approval), step_id=step.id, step=step.name, title=approval.title)
        )


def envelope(approval: Approval) -> dict[str, Any]:
    """What every event of an approval carries."""
    return {
        "subject_id": approval.id,
        "subject_version": approval.version,
        "request_id": approval.request_id,
        "about_kind": approval.subject.kind,
        "about_id": approval.subject.id,
        "about_version": approval.subject.version,
    }
