"""Whom to ask when nobody decides.

One rule: nobody is asked who was asked before, has taken part, or is excluded from this approval.
"""

from core.approvals.model import Approval, Step
from core.approvals.policy import without_excluded
from core.kernel.ids import PersonId
from core.policies.approvers import people_of
from core.policies.commands import Approver
from core.policies.queries import approvers_above
from core.splits.service import categories_of
from core.uow import Uow

_HEAD_OF_DEPARTMENT = (Approver(None, None, "department"),)


async def next_people(uow: Uow, approval: Approval, step: Step) -> tuple[PersonId, ...]:
    """Whom to ask when nobody decides a step: the department's head, then the tiers above, in their order."""
    above = await approvers_above(
        uow,
        approval.policy_version,
        amount=approval.routed_base,
        cost_centre=approval.cost_centre,
        categories=(await categories_of(uow, approval))[approval.id],
    )
    out = frozenset(step.deciders) | approval.took_part | approval.excluded
    for approvers in (_HEAD_OF_DEPARTMENT, *above):
        people = without_excluded(await people_of(uow, approvers, approval.cost_centre), out)
        if people:
            return tuple(PersonId(person) for person in people)
    return ()
