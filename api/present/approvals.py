"""Converts approvals and the policy from read model to wire."""

from uuid import UUID

from api.contract import approvals as wire
from api.contract.values import Listing
from api.present.actions import actions
from api.present.decimals import amount, optional_amount, optional_unit_price, plain, unit_price
from api.present.listing import listing
from api.present.quotes import document
from api.present.trusted import trusted
from api.present.vendor_scores import vendor_score
from core.approval_facts.model import (
    ApprovalFacts,
    ApprovalWithFacts,
    DecidedLine,
    DecidedShare,
    Rank,
    SimilarRequest,
)
from core.approvals.model import ApprovalDetails, Question, Step
from core.kernel.actions import ActionVerb
from core.kernel.pagination import Page
from core.policies.commands import Tier
from core.policies.model import Policy
from core.reassignments.service import PolicyWithReplanned
from core.simulations.model import SimulatedPurchase, Simulation

_ApprovalOut = trusted(wire.ApprovalOut)
_SubjectOut = trusted(wire.SubjectOut)
_StepOut = trusted(wire.StepOut)
_CandidateOut = trusted(wire.CandidateOut)
_DeputyOut = trusted(wire.DeputyOut)
_QuestionOut = trusted(wire.QuestionOut)


def approval(source: ApprovalDetails) -> wire.ApprovalOut:
    item, names = source.approval, source.names
    return _ApprovalOut(
        id=item.id,
        subject=_SubjectOut(kind=item.subject.kind, id=item.subject.id, version=item.subject.version),
        request_id=item.request_id,
        requested_by=item.requested_by,
        requested_by_name=_name(names, item.requested_by),
        state=item.state,
        version=item.version,
        amount=amount(item.amount, item.currency),
        currency=item.currency,
        amount_base=amount(item.amount_base, item.base_currency),
        base_currency=item.base_currency,
        title=item.title,
        vendor_name=item.vendor_name,
        cost_centre=item.cost_centre,
        policy_version=item.policy_version,
        reason=item.reason,
        steps=tuple(_step(step, names) for step in item.steps),
        questions=tuple(_question(question, names) for question in item.questions),
        may_decide=any(action.verb is ActionVerb.approve for action in source.actions),
        may_undo=any(action.verb is ActionVerb.undo for action in source.actions),
        opened_at=item.opened_at,
        closed_at=item.closed_at,
        undo_until=item.undo_until,
        actions=actions(source.actions),
    )


def approvals(page: Page[ApprovalDetails]) -> Listing[wire.ApprovalOut]:
    return listing(page, approval, lambda row: row.approval)


def approval_with_facts(source: ApprovalWithFacts) -> wire.ApprovalOut:
    """The approval with all that is decided."""
    shown = approval(source.details)
    return shown.model_copy(update={"facts": _facts(source.facts, source.details.approval.currency)})


def approvals_with_facts(page: Page[ApprovalWithFacts]) -> Listing[wire.ApprovalOut]:
    return listing(page, approval_with_facts, lambda row: row.details.approval)


def _facts(facts: ApprovalFacts, currency: str) -> wire.ApprovalFactsOut:
    return wire.ApprovalFactsOut(
        request_number=facts.request_number,
        note=facts.note,
        needed_by=facts.needed_by,
        delivery_on=facts.delivery_on,
        days_late=facts.days_late,
        lines=tuple(_decided_line(each, currency) for each in facts.lines),
        rank=_rank(facts.rank) if facts.rank else None,
        on_time=wire.OnTimeOut(punctual=facts.on_time.punctual, orders=facts.on_time.orders)
        if facts.on_time
        else None,
        documents=tuple(document(each) for each in facts.documents),
        similar=tuple(_similar(each) for each in facts.similar),
        summed=tuple(
            wire.SummedRequestOut(
                id=each.id,
                number=each.number,
                requested_by_name=each.requested_by_name,
                amount=amount(each.amount, each.currency),
                currency=each.currency,
            )
            for each in facts.summed
        ),
        shares=tuple(_share(each, currency) for each in facts.shares),
        left_out=facts.left_out,
        best_single=optional_amount(facts.best_single, currency),
        entered_by_name=facts.entered_by_name,
        resembles=facts.resembles,
        scores=tuple(
            shown
            for each in facts.scores
            if (shown := vendor_score(each.vendor_id, each.vendor_name, each.scores, warned=each.warned))
            is not None
        ),
        findings=tuple(
            wire.NotedFindingOut(id=each.id, rule=each.rule.value, facts=dict(each.facts))
            for each in facts.findings
        ),
    )


def _share(source: DecidedShare, currency: str) -> wire.DecidedShareOut:
    return wire.DecidedShareOut(
        vendor_name=source.vendor_name,
        currency=source.currency,
        shipping=amount(source.shipping, source.currency),
        total=amount(source.total, source.currency),
        converted=amount(source.converted, currency),
    )


def _decided_line(source: DecidedLine, currency: str) -> wire.DecidedLineOut:
    paid = source.last_paid
    return wire.DecidedLineOut(
        description=source.description,
        quantity=plain(source.quantity),
        unit=source.unit,
        unit_price=optional_unit_price(source.unit_price, source.currency or currency),
        last_paid=wire.LastPaidOut(
            price=unit_price(paid.price, paid.currency),
            currency=paid.currency,
            vendor_name=paid.vendor_name,
            order_number=paid.order_number,
            ordered_at=paid.ordered_at,
        )
        if paid
        else None,
        vendor_name=source.vendor_name,
        currency=source.currency,
        asked_for=source.asked_for,
    )


def _rank(rank: Rank) -> wire.RankOut:
    return wire.RankOut(
        place=rank.place,
        of=rank.of,
        gap=amount(rank.gap, rank.currency),
        percent=rank.percent,
        currency=rank.currency,
    )


def _similar(request: SimilarRequest) -> wire.SimilarRequestOut:
    return wire.SimilarRequestOut(
        id=request.id,
        number=request.number,
        state=request.state,
        requested_by_name=request.requested_by_name,
        created_at=request.created_at,
    )


def _step(step: Step, names: dict[UUID, str]) -> wire.StepOut:
    return _StepOut(
        id=step.id,
        position=step.position,
        name=step.name,
        state=step.state,
        candidates=tuple(
            _CandidateOut(person_id=person, name=_name(names, person)) for person in step.candidates
        ),
        deputies=tuple(
            _DeputyOut(
                person_id=deputy.person_id,
                name=_name(names, deputy.person_id),
                for_id=deputy.for_id,
                for_name=_name(names, deputy.for_id),
            )
            for deputy in step.deputies
        ),
        asked_first=step.asked_first,
        opened_at=step.opened_at,
        due_at=step.due_at,
        decided_by=step.decided_by,
        decided_by_name=_name(names, step.decided_by) if step.decided_by else None,
        decided_for=step.decided_for,
        decided_for_name=_name(names, step.decided_for) if step.decided_for else None,
        decided_at=step.decided_at,
        verb=step.verb,
        comment=step.comment or None,
        round=step.round,
        needs=step.needs,
        approved_by=tuple(
            _CandidateOut(person_id=person, name=_name(names, person)) for person in step.approved_by
        ),
    )


def _question(question: Question, names: dict[UUID, str]) -> wire.QuestionOut:
    return _QuestionOut(
        asked_by=question.asked_by,
        asked_by_name=_name(names, question.asked_by),
        asked_at=question.asked_at,
        text=question.text,
        answer=question.answer,
        answered_at=question.answered_at,
    )


def _name(names: dict[UUID, str], person: UUID) -> str:
    return names.get(person, "?")


def policy(source: Policy) -> wire.PolicyOut:
    return wire.PolicyOut(
        version=source.version,
        currency=source.currency,
        tiers=tuple(_tier(tier) for tier in source.tiers),
        undo_seconds=source.undo_seconds,
        splits=wire.SplitsIn(days=source.splits.days, who=source.splits.who, what=source.splits.what),
        set_by=source.set_by,
        set_at=source.set_at,
    )


def policy_with_replanned(source: PolicyWithReplanned) -> wire.PolicyOut:
    """The new version, and the stuck approvals that are asked by it."""
    return policy(source.policy).model_copy(update={"replanned": source.replanned})


def _tier(tier: Tier) -> wire.TierIn:
    return wire.TierIn(
        name=tier.name,
        below=None if tier.below is None else plain(tier.below),
        departments=tier.departments,
        categories=tier.categories,
        due_hours=tier.due_hours,
        ask_once=tier.ask_once,
        steps=tuple(
            wire.StepIn(
                name=step.name,
                needs=step.needs,
                approvers=tuple(_approver(who.role, who.person, who.head_of) for who in step.approvers),
            )
            for step in tier.steps
        ),
    )


def _approver(role: str | None, person: str | None, head_of: str | None) -> wire.ApproverIn:
    return wire.ApproverIn.model_validate({"role": role, "person": person, "head_of": head_of})


def simulation(source: Simulation) -> wire.SimulationOut:
    purchases = source.purchases
    return wire.SimulationOut(
        purchases=len(purchases),
        differing=sum(each.differs for each in purchases),
        stuck=sum(each.problem is not None for each in purchases),
        items=tuple(_simulated(each) for each in purchases),
    )


def _simulated(source: SimulatedPurchase) -> wire.SimulatedPurchaseOut:
    return wire.SimulatedPurchaseOut(
        approval_id=source.approval_id,
        request_number=source.request_number,
        title=source.title,
        vendor_name=source.vendor_name,
        cost_centre=source.cost_centre,
        amount=plain(source.amount),
        currency=source.currency,
        tier=source.tier,
        steps=tuple(
            wire.SimulatedStepOut(
                name=step.name,
                candidates=tuple(
                    wire.CandidateOut(person_id=one.person_id, name=one.name) for one in step.candidates
                ),
                needs=step.needs,
                ask_once=step.ask_once,
            )
            for step in source.steps
        ),
        differs=source.differs,
        problem=source.problem.value if source.problem else None,
    )
