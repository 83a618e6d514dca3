"""Pure rules of a decision: who may decide, undo or answer, and what needs a reason."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from core.access.actor import Actor
from core.approvals.model import Approval, Step
from core.approvals.states import ApprovalState, StepState, StepVerb, Verdict, after_step
from core.decisions.commands import Decide
from core.decisions.errors import (
    AlreadyDecided,
    NoQuestion,
    NotAsked,
    NotCandidate,
    NotDecider,
    NothingToUndo,
    NotPending,
    OwnRequest,
    SecondStep,
    UndoTooLate,
)
from core.kernel.errors import Stale, WrongState, invalid
from core.kernel.ids import PersonId
from core.kernel.limits import MAX_REASON_LENGTH, MIN_REASON_LENGTH
from core.kernel.subjects import AWARDS

REJECTING = frozenset({Verdict.reject, Verdict.reject_request})
NEED_COMMENT = REJECTING | {Verdict.ask}


def check_may_decide(actor: Actor, approval: Approval, names: Mapping[UUID, str]) -> Step:
    """The step that this person decides now, or the refusal that says why they cannot."""
    check_not_own(actor, approval, names)
    step = approval.open_step
    if approval.state is not ApprovalState.pending or step is None:
        raise already_decided(approval, names)
    if actor.person_id not in step.deciders:
        own_step = next((done for done in approval.steps if done.decided_by == actor.person_id), None)
        if own_step is not None:
            raise already_decided(approval, names)
        check_separation(actor, approval, step, names)
        raise NotCandidate(candidates=_names(step, names))
    check_separation(actor, approval, step, names)
    return step


def check_not_own(actor: Actor, approval: Approval, names: Mapping[UUID, str]) -> None:
    """Whoever is involved in the purchase neither decides it nor says who does."""
    if actor.person_id in approval.excluded:
        raise OwnRequest(who=_names(approval.open_step, names))


def check_may_reassign(actor: Actor, approval: Approval, names: Mapping[UUID, str]) -> Step:
    """The open step, which an administrator who has no part in the purchase may give to somebody else."""
    check_not_own(actor, approval, names)
    step = approval.open_step
    if approval.state is not ApprovalState.pending or step is None:
        raise already_decided(approval, names)
    return step


def check_may_reject_request(actor: Actor, approval: Approval, names: Mapping[UUID, str]) -> Step:
    """The same, for the whole request; once it is ordered there is only the change of the order to reject."""
    step = check_may_decide(actor, approval, names)
    if approval.subject.kind not in AWARDS:
        raise WrongState(what="approval", state=approval.state.value, verb=Verdict.reject_request.value)
    return step


def check_separation(actor: Actor, approval: Approval, step: Step, names: Mapping[UUID, str]) -> None:
    """Two steps need two people, and neither a deputy nor an absent candidate counts as another."""
    behind = {person for person in (actor.person_id, step.decides_for(actor.person_id)) if person is not None}
    taken = next((one for one in approval.steps if behind & one.behind), None)
    if taken is not None:
        others = [person for person in step.deciders if person not in approval.took_part]
        raise SecondStep(step=taken.name, candidates=_known(others, names))


def with_approval(step: Step, actor_id: PersonId) -> Step:
    """The step after one more of its several people approved; the others are asked on."""
    absent = step.decides_for(actor_id)
    done = {actor_id, absent}
    return replace(
        step,
        approved_by=(*step.approved_by, actor_id),
        approved_for=(*step.approved_for, *((absent,) if absent else ())),
        candidates=tuple(person for person in step.candidates if person not in done),
        asked_first=None,
    )


def asked_already(step: Step, before: Step) -> bool:
    """The policy asks a person of two consecutive steps once: who approved the one before need not approve this one."""
    return step.ask_once and step.needs == 1 and not before.behind.isdisjoint(step.candidates)


def skipped_after(approval: Approval, decided: Step) -> tuple[Step, ...]:
    """The steps that were passed over because this one, the last that was decided, was approved."""
    place = _planned_place(approval, decided)
    return tuple(
        step
        for step in approval.steps
        if step.state is StepState.skipped and step.position > place and asked_already(step, decided)
    )


def _planned_place(approval: Approval, decided: Step) -> int:
    """Where the last step stood in the plan: one that was escalated since the step before was replaced by it."""
    earlier = [step.decided_at for step in approval.steps if step.decided_at and step.id != decided.id]
    replaced = [
        step.position
        for step in approval.steps
        if step.state is StepState.escalated
        and step.opened_at is not None
        and all(step.opened_at >= before for before in earlier)
    ]
    return min([decided.position, *replaced])


def check_may_undo(actor: Actor, approval: Approval, names: Mapping[UUID, str], now: dt.datetime) -> Step:
    """The step that this person decided last and can undo now, or the refusal that says why they cannot."""
    step = approval.last_decided
    if approval.state is not ApprovalState.approved or approval.undo_until is None or step is None:
        raise NothingToUndo(state=approval.state.value)
    if step.decided_by is None or not actor.is_person(step.decided_by):
        raise NotDecider(who=names.get(step.decided_by, "?") if step.decided_by else "?")
    if now >= approval.undo_until:
        raise UndoTooLate(at=approval.undo_until)
    return step


def undo_seconds(approval: Approval) -> int:
    """How long an approval can be undone: a changed order is on its way to the vendor at once, so that one cannot."""
    return approval.undo_seconds if approval.subject.kind in AWARDS else 0


def check_may_answer(actor: Actor, approval: Approval, names: Mapping[UUID, str]) -> None:
    """Only the requester, while a question is open."""
    if not actor.is_person(approval.requested_by):
        raise NotAsked(who=names.get(approval.requested_by, "?"))
    if all(question.answer is not None for question in approval.questions):
        raise NoQuestion(state=approval.state.value)


def check_command(command: Decide, approval: Approval) -> None:
    """The version that was seen is the present one, and what needs words has them."""
    if command.expected_version != approval.version:
        raise Stale(what="approval", expected=command.expected_version, current=approval.version)
    check_comment(command)


def ended(
    approval: Approval, decided: Step, state: ApprovalState, now: dt.datetime, undo_until: dt.datetime | None
) -> Approval:
    """The approval after its last verdict: nobody decides the other steps any more."""
    approval = with_decided(approval, decided)
    undecided = (StepState.waiting, StepState.open)
    steps = tuple(
        replace(each, state=after_step(each.state, StepVerb.skip)) if each.state in undecided else each
        for each in approval.steps
    )
    return replace(approval, state=state, closed_at=now, undo_until=undo_until, steps=steps)


def with_decided(approval: Approval, decided: Step) -> Approval:
    """The approval with this step as its verdict left it."""
    return replace(
        approval, steps=tuple(decided if each.id == decided.id else each for each in approval.steps)
    )


def check_comment(command: Decide) -> None:
    """Rejecting and asking require a comment; approving and undoing may have one."""
    length = len(command.comment.strip())
    if command.verb in NEED_COMMENT and length < MIN_REASON_LENGTH:
        raise invalid(
            "/comment",
            "approvals.reason_needed",
            "say why, in 3 to 500 characters",
            "too dear this month",
            min_length=MIN_REASON_LENGTH,
        )
    if length > MAX_REASON_LENGTH:
        raise invalid(
            "/comment",
            "text.too_long",
            "must not be longer than 500 characters",
            "too dear this month",
            max_length=MAX_REASON_LENGTH,
        )


def already_decided(approval: Approval, names: Mapping[UUID, str]) -> AlreadyDecided | NotPending:
    """The refusal for the slower of two: who decided what, or how the approval ended."""
    step = approval.last_decided
    if step is None or step.decided_by is None or step.decided_at is None or step.verb is None:
        return NotPending(state=approval.state.value)
    return AlreadyDecided(by=names.get(step.decided_by, "?"), verb=step.verb.value, at=step.decided_at)


def _names(step: Step | None, names: Mapping[UUID, str]) -> str:
    return _known(step.deciders if step else (), names)


def _known(people: Iterable[UUID], names: Mapping[UUID, str]) -> str:
    return ", ".join(names[person] for person in people if person in names) or "nobody yet"
