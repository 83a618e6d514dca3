"""Pure rules of who takes a step over and until when, and of what is asked when a stuck approval is planned again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from core.approvals.commands import OpenApproval, RoutingFacts
from core.approvals.model import Approval, Step
from core.approvals.states import StepState
from core.kernel.errors import Stale, invalid
from core.kernel.ids import PersonId
from core.kernel.limits import MAX_REASON_LENGTH, MIN_REASON_LENGTH
from core.policies import deadlines


def check_seen(approval: Approval, expected_version: int, reason: str, *, may_be_empty: bool = False) -> None:
    """The version that was seen is the present one, and there is a reason where one is needed."""
    if expected_version != approval.version:
        raise Stale(what="approval", expected=expected_version, current=approval.version)
    if may_be_empty and not reason.strip():
        return
    if not MIN_REASON_LENGTH <= len(reason.strip()) <= MAX_REASON_LENGTH:
        raise invalid(
            "/reason",
            "approvals.reason_needed",
            "say why, in 3 to 500 characters",
            "on holiday until Monday",
            min_length=MIN_REASON_LENGTH,
        )


def may_take_over(approval: Approval, person: UUID, giver: UUID | None) -> bool:
    """Neither the giver, nor excluded, nor behind a decision of this approval: two steps still need two people.

    Somebody who is asked already takes nothing over from nobody, nor, where several people have to approve, from
    another of them.
    """
    step = approval.open_step
    asked = step is not None and person in step.candidates
    counts = step is not None and (step.still_needed > 1 or giver is None)
    out = person == giver or person in approval.excluded or person in approval.took_part
    return not out and not (asked and counts)


def handed_over(step: Step, giver: PersonId | None, taker: PersonId) -> Step:
    """The step with the taker in the giver's place."""
    others = [person for person in step.candidates if person not in (giver, taker)]
    first = taker if giver is not None and step.asked_first == giver else step.asked_first
    return replace(step, candidates=(taker, *others), asked_first=first, deputies=())


def with_time_again(step: Step, hours: int, now: dt.datetime) -> Step:
    """The step with the time that whoever takes over has; a question that is open pauses it from now on."""
    if step.opened_at is None or step.due_at is None:
        return step
    due = deadlines.due_after_hand_over(step.opened_at, step.due_at, hours, now)
    if due == step.due_at:
        return step
    remind_at = deadlines.next_reminder_at(due - dt.timedelta(hours=hours), due, now)
    return replace(step, due_at=due, remind_at=remind_at, paused_at=step.paused_at and now)


def steps_left(approval: Approval, planned: Sequence[Step]) -> tuple[Step, ...]:
    """What is still to be asked: as many steps as were decided count as decided, and at least the last is asked."""
    decided = sum(step.state is StepState.done for step in approval.steps)
    left = planned[decided:] or planned[-1:]
    place = max(step.position for step in approval.steps) + 1
    opened = planned[0]
    first = replace(
        left[0],
        state=StepState.open,
        opened_at=opened.opened_at,
        route_due_at=opened.route_due_at,
        routed_at=opened.opened_at,
        due_at=opened.due_at,
        remind_at=opened.remind_at,
        ask_once=False,
    )
    return tuple(replace(step, position=place + index) for index, step in enumerate((first, *left[1:])))


def as_opened(approval: Approval, excluded: frozenset[UUID]) -> OpenApproval:
    """What would be asked about the same subject again."""
    facts = RoutingFacts(
        amount=approval.amount,
        currency=approval.currency,
        cost_centre=approval.cost_centre,
        category=approval.category,
        vendor_id=approval.vendor_id,
        requested_by=approval.requested_by,
        excluded=excluded,
        beside_base=approval.beside_base,
        raised=approval.raised,
    )
    return OpenApproval(
        subject=approval.subject,
        request_id=approval.request_id,
        title=approval.title,
        vendor_name=approval.vendor_name,
        facts=facts,
        reason=approval.reason,
        route_wait=dt.timedelta(0),
    )
