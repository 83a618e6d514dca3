"""Pure rules of approvals: who is a candidate, who decides in a candidate's place, and who may see it.

One rule: excluded people are neither candidates nor deputies.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from core.access.actor import Actor
from core.access.permissions import Permission
from core.approvals.model import Approval, Deputy
from core.delegations.model import Delegation
from core.kernel.ids import PersonId


def without_excluded(people: Iterable[UUID], excluded: frozenset[UUID]) -> tuple[UUID, ...]:
    """Candidates in order, each once, without excluded people."""
    return tuple(dict.fromkeys(person for person in people if person not in excluded))


def with_deputies(approval: Approval, delegations: Sequence[Delegation]) -> Approval:
    """The approval with the deputies of its open step.

    Nobody is a deputy who is excluded or already takes part in this approval: a candidate of any step decides
    for themselves, and whoever decided one step does not decide another for somebody else. A deputy of several
    decides for the one who is asked first.
    """
    step = approval.open_step
    if step is None:
        return approval
    involved = {
        person for each in approval.steps for person in (*each.candidates, *each.approved_by, each.decided_by)
    }
    amounts = {approval.currency: approval.amount, approval.base_currency: approval.amount_base}
    found: dict[PersonId, Deputy] = {}
    by_turn = sorted(step.candidates, key=lambda person: person != step.asked_first)
    for giver in without_excluded(by_turn, approval.excluded):
        for one in delegations:
            free = one.deputy not in involved and one.deputy not in approval.excluded
            if one.giver == giver and free and (one.limit is None or one.limit.covers(amounts)):
                found.setdefault(one.deputy, Deputy(one.deputy, one.giver))
    open_step = replace(step, deputies=tuple(found.values()))
    return replace(approval, steps=tuple(open_step if each is step else each for each in approval.steps))


def may_see(actor: Actor, approval: Approval) -> bool:
    """The same as the condition of ``repo``: one's own requests, what one is or was asked to decide; else oversight."""
    if actor.may(Permission.requests_read_all) or actor.is_person(approval.requested_by):
        return True
    return any(
        actor.person_id in step.candidates or actor.is_person(step.decided_by) for step in approval.steps
    )


def people_shown(approval: Approval) -> set[UUID]:
    """Everybody whom this approval's card can show."""
    deciders = (person for step in approval.steps for person in step.deciders)
    asking = (question.asked_by for question in approval.questions)
    return {approval.requested_by, *approval.took_part, *deciders, *asking}
