"""The use cases that say who is asked: route, forward, reassign, and plan stuck approvals again.

One rule: whoever takes over has the step's whole time, and two steps still need two people.
"""

from dataclasses import dataclass, replace
from typing import Any

from core.access.actor import Actor
from core.access.guard import Changed, person_of, requires
from core.access.permissions import Permission
from core.approvals import repo as approvals
from core.approvals.events import ApprovalDeputised, ApprovalRouted
from core.approvals.model import Approval, ApprovalDetails, Step
from core.approvals.routing import names, plan_approval
from core.approvals.service import envelope
from core.approvals.states import StepVerb, after_step
from core.approvals.tables import approvals as approval_table
from core.decisions import policy as decisions
from core.decisions.queries import details
from core.delegations.events import DelegationEvent
from core.kernel.errors import NotFound
from core.kernel.ids import ApprovalId, PersonId
from core.kernel.money import Money
from core.people import directory
from core.people.events import PersonDisabled
from core.policies import service as policies
from core.policies.commands import SetPolicy, Tier
from core.policies.model import Policy
from core.policies.rows import tier_json
from core.rates.errors import RatesMissing
from core.rates.queries import convert
from core.reassignments import policy, repo
from core.reassignments.commands import ForwardStep, ReassignStep, RouteApproval
from core.reassignments.errors import CannotTakeOver, IsNotAsked, NotAmongCandidates
from core.reassignments.events import (
    ApprovalCandidateLeft,
    ApprovalForwarded,
    ApprovalReassigned,
    ApprovalReplanned,
)
from core.splits.service import award_of, with_siblings
from core.uow import Uow


@requires(Permission.approvals_route)
async def route(uow: Uow, actor: Actor, command: RouteApproval) -> Approval:
    """Record who is asked first, among the candidates that the policy allows; then the cards are sent."""
    approval = await approvals.load(uow, command.approval_id)
    step, first = approval.open_step, command.ask_first
    if step is None or step.routed_at is not None:
        return approval
    if first is not None and first not in step.candidates:
        known = await names(uow, approval)
        raise NotAmongCandidates(candidates=", ".join(known[person] for person in step.candidates))
    if await repo.route(uow, step, first):
        by = "policy" if first is None else actor.label
        await uow.record(ApprovalRouted(**envelope(approval), step_id=step.id, ask_first=first, by=by))
    return await approvals.load(uow, approval.id)


@requires(Permission.approvals_decide, Changed(approval_table, "approval_id"))
async def forward(uow: Uow, actor: Actor, command: ForwardStep) -> ApprovalDetails:
    """Hand the open step to somebody else who may decide; a deputy hands on what the absent person was asked."""
    await uow.lock_purchase_of(approval_table, command.approval_id)
    approval = await approvals.visible_to(uow, actor, command.approval_id)
    step = decisions.check_may_decide(actor, approval, await names(uow, approval))
    policy.check_seen(approval, command.expected_version, command.reason, may_be_empty=True)
    giver = step.decides_for(actor.person_id) or person_of(actor)
    await _check_taker(uow, approval, command.to, giver)
    after = await _hand_over(uow, approval, step, giver, command.to)
    await uow.record(
        ApprovalForwarded(
            **_envelope_after(approval),
            step_id=step.id,
            step=step.name,
            from_person=giver,
            to_person=command.to,
            reason=command.reason,
            candidates=after.candidates,
            due_at=after.due_at,
        )
    )
    return await details(uow, actor, await approvals.load(uow, approval.id))


@requires(Permission.approvals_reassign, Changed(approval_table, "approval_id"))
async def reassign(uow: Uow, actor: Actor, command: ReassignStep) -> ApprovalDetails:
    """Give one person's open step to another; both are told. Whoever is involved does not pick who decides."""
    await uow.lock_purchase_of(approval_table, command.approval_id)
    approval = await approvals.visible_to(uow, actor, command.approval_id)
    known = await names(uow, approval)
    step, giver = decisions.check_may_reassign(actor, approval, known), command.from_person
    if not await _may_be_taken_from(uow, step, giver):
        raise IsNotAsked(candidates=", ".join(known.get(person, "?") for person in step.candidates))
    policy.check_seen(approval, command.expected_version, command.reason)
    await _check_taker(uow, approval, command.to, giver)
    after = await _hand_over(uow, approval, step, giver, command.to)
    await uow.record(
        ApprovalReassigned(
            **_envelope_after(approval),
            step_id=step.id,
            step=step.name,
            from_person=giver,
            to_person=command.to,
            reason=command.reason,
            candidates=after.candidates,
            due_at=after.due_at,
        )
    )
    return await details(uow, actor, await approvals.load(uow, approval.id))


async def _may_be_taken_from(uow: Uow, step: Step, giver: PersonId | None) -> bool:
    """From one who is asked; from nobody while too few can decide it."""
    if giver is not None:
        return giver in step.candidates
    return await directory.count_deciders(uow.connection, step.deciders) < step.still_needed


async def _check_taker(uow: Uow, approval: Approval, taker: PersonId, giver: PersonId | None) -> None:
    found = await directory.names(uow.connection, [taker])
    if taker not in found:
        raise NotFound(what="person")
    able = await directory.count_deciders(uow.connection, [taker])
    if not able or not policy.may_take_over(approval, taker, giver):
        raise CannotTakeOver(who=found[taker])


async def _hand_over(
    uow: Uow, approval: Approval, step: Step, giver: PersonId | None, taker: PersonId
) -> Step:
    after = policy.handed_over(step, giver, taker)
    after = policy.with_time_again(after, approval.due_hours, uow.now)
    await repo.hand_over(uow, approval, after)
    return after


def _envelope_after(approval: Approval) -> dict[str, Any]:
    return envelope(replace(approval, version=approval.version + 1))


@dataclass(frozen=True)
class PolicyWithReplanned:
    """A new version of the policy, and the stuck approvals that are asked by it."""

    policy: Policy
    replanned: tuple[ApprovalId, ...]


@requires(Permission.policies_set)
async def set_policy(uow: Uow, actor: Actor, command: SetPolicy) -> PolicyWithReplanned:
    """Set a new version of the policy; stuck approvals are asked by it, all others keep theirs."""
    fresh = await policies.set_policy(uow, actor, command)
    replanned = [stuck.id for stuck in await repo.reported_stuck(uow) if await _replan(uow, stuck.id, fresh)]
    return PolicyWithReplanned(fresh, tuple(replanned))


async def _replan(uow: Uow, approval_id: ApprovalId, fresh: Policy) -> bool:
    """Whether the approval was stuck and is asked now; it stays as it is when the new policy has nobody either."""
    seen = await approvals.load(uow, approval_id)
    await uow.lock_purchase(seen.request_id)
    approval = await approvals.load(uow, approval_id)
    step = approval.open_step
    if step is None or await directory.count_deciders(uow.connection, step.deciders) >= step.still_needed:
        return False
    try:
        planned, tier = await _plan_again(uow, approval, fresh)
    except (RatesMissing, NotFound):
        return False
    left = policy.steps_left(approval, planned.steps)
    first = left[0]
    if len(first.candidates) < first.needs:
        return False
    replaced = replace(step, state=after_step(step.state, StepVerb.escalate))
    await repo.replan(uow, planned, approval, replaced, left, {"tier": tier_json(tier)})
    await uow.record(
        ApprovalReplanned(
            **_envelope_after(approval),
            step_id=first.id,
            step=first.name,
            candidates=first.candidates,
            earlier_policy=approval.policy_version,
            policy_version=fresh.version,
            title=approval.title,
        )
    )
    return True


async def _plan_again(uow: Uow, approval: Approval, fresh: Policy) -> tuple[Approval, Tier]:
    """What the present policy asks; whoever took part is asked at no other step, and what was split still counts."""
    command = policy.as_opened(approval, approval.excluded | approval.took_part)
    beside = Money(approval.beside_base, approval.base_currency)
    beside = (await convert(uow.connection, beside, fresh.currency, uow.now.date())).money
    facts = replace(command.facts, beside_base=beside.amount)
    at, award = approval.opened_at, award_of(approval)
    facts = await with_siblings(uow, approval.request_id, facts, at=at, award=award)
    return await plan_approval(uow, replace(command, facts=facts))


async def on_person_disabled(uow: Uow, event: PersonDisabled) -> None:
    """What waits for somebody who left is reported; when nobody else is left, the next tick asks the next people."""
    for approval in await approvals.pending_with_candidates(uow, [event.subject_id]):
        step = approval.open_step
        if step is None:
            continue
        left = await directory.count_deciders(uow.connection, step.deciders)
        await uow.record(
            ApprovalCandidateLeft(
                **envelope(approval),
                step_id=step.id,
                step=step.name,
                person=event.subject_id,
                left=left,
                title=approval.title,
            )
        )


async def on_delegation_changed(uow: Uow, event: DelegationEvent) -> None:
    """A deputy was named or ended, so approvals waiting for the absent person are shown to others now."""
    for approval in await approvals.pending_with_candidates(uow, [event.giver]):
        step = approval.open_step
        if step is not None:
            deputies = tuple(deputy.person_id for deputy in step.deputies)
            await uow.record(ApprovalDeputised(**envelope(approval), step_id=step.id, deputies=deputies))
