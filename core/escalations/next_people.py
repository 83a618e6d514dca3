"""Whom to ask when nobody decides.

One rule: nobody is asked who was asked before, has taken part, or is excluded from this approval.
"""

from core.approvals.model import Approval, Step
from core.approvals.routing import people_above
from core.kernel.ids import PersonId
from core.policies.commands import Approver
from core.uow import Uow

_HEAD_OF_DEPARTMENT = Approver(None, None, "department")


async def next_people(uow: Uow, approval: Approval, step: Step) -> tuple[PersonId, ...]:
    """Whom to ask when nobody decides a step: the department's head, then the tiers above, in their order."""
    out = frozenset(step.deciders) | approval.took_part | approval.excluded
    return await people_above(uow, approval, out, before=(_HEAD_OF_DEPARTMENT,))
