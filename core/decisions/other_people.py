"""Who decides the next step: its people without those who took part in an earlier one.

One rule: nobody decides two steps of one approval, neither themselves nor by a deputy.
"""

from core.approvals.model import Approval, Step
from core.approvals.policy import without_excluded
from core.approvals.routing import people_of
from core.kernel.ids import PersonId
from core.policies.queries import approvers_above
from core.uow import Uow


async def next_candidates(uow: Uow, approval: Approval, step: Step) -> tuple[PersonId, ...]:
    """Who decides a step that opens now; if nobody is left of its people, those of the tiers above, in their order."""
    out = approval.excluded | approval.took_part
    left = without_excluded(step.candidates, out)
    if not left and step.candidates:
        above = await approvers_above(
            uow,
            approval.policy_version,
            amount=approval.amount_base,
            cost_centre=approval.cost_centre,
            category=approval.category,
        )
        for approvers in above:
            left = left or without_excluded(await people_of(uow, approvers, approval.cost_centre), out)
    return tuple(PersonId(person) for person in left)
