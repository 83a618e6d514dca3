"""Whom to ask when nobody decides.

One rule: nobody is asked who was asked before, has decided, or is excluded from this approval.
"""

from core.approvals.model import Approval, Step
from core.approvals.policy import without_excluded
from core.approvals.routing import people_of
from core.kernel.ids import PersonId
from core.people import directory
from core.policies import policy as policy_rules
from core.policies import repo as policies
from core.policies.commands import Approver
from core.uow import Uow


async def next_people(uow: Uow, approval: Approval, step: Step) -> tuple[PersonId, ...]:
    """Whom to ask when nobody decides a step: the department's head, then the tiers above, in their order."""
    rules = await policies.policy_of_version(uow, approval.policy_version)
    centre = await directory.cost_centre(uow.connection, approval.cost_centre)
    department = centre.department if centre else ""
    tiers = policy_rules.tiers_for(rules.tiers, approval.amount_base, department, approval.category)
    above = (each.approvers for tier in tiers[1:] for each in tier.steps)
    decided = (each.decided_by for each in approval.steps)
    asked = frozenset(person for person in (*step.deciders, *decided) if person) | approval.excluded
    for approvers in ((Approver(None, None, "department"),), *above):
        people = without_excluded(await people_of(uow, approvers, approval.cost_centre), asked)
        if people:
            return tuple(PersonId(person) for person in people)
    return ()
