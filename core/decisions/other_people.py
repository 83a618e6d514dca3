"""Who decides the next step: its people without those who took part in an earlier one.

One rule: nobody decides two steps of one approval, neither themselves nor by a deputy.
"""

from core.approvals.model import Approval, Step
from core.approvals.policy import without_excluded
from core.kernel.ids import PersonId
from core.policies.approvers import people_of
from core.policies.queries import approvers_above
from core.splits.service import categories_of
from core.uow import Uow


async def next_candidates(uow: Uow, approval: Approval, step: Step) -> tuple[PersonId, ...]:
    """Who decides a step that opens now; while its people are too few, also those of the tiers above."""
    out = approval.excluded | approval.took_part
    left = without_excluded(step.candidates, out)
    if len(left) < step.needs and step.candidates:
        above = await approvers_above(
            uow,
            approval.policy_version,
            amount=approval.routed_base,
            cost_centre=approval.cost_centre,
            categories=(await categories_of(uow, approval))[approval.id],
        )
        for approvers in above:
            if len(left) < step.needs:
                more = await people_of(uow, approvers, approval.cost_centre)
                left = without_excluded((*left, *more), out)
    return tuple(PersonId(person) for person in left)
