"""Who could take an open step over."""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.approvals import repo as approvals
from core.kernel.ids import ApprovalId
from core.kernel.pagination import Page
from core.people import directory
from core.people.model import Candidate
from core.reassignments import policy
from core.uow import Uow


@requires(Permission.approvals_decide)
async def takers(uow: Uow, actor: Actor, approval_id: ApprovalId) -> Page[Candidate]:
    """Everybody who may decide and has no part in this approval, by name; few enough for one page."""
    approval = await approvals.visible_to(uow, actor, approval_id)
    everybody = await directory.deciders(uow.connection)
    step = approval.open_step
    givers = (None, *step.candidates) if step is not None else ()
    able = [
        one
        for one in everybody
        if any(policy.may_take_over(approval, one.person_id, giver) for giver in givers)
    ]
    return Page(tuple(able), None)
