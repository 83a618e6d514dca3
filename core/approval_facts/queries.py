"""The read models of approvals with all that is decided; two statements more, however many approvals there are."""

from collections.abc import Sequence

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.approval_facts import policy, repo
from core.approval_facts.model import ApprovalWithFacts
from core.approvals import repo as approvals
from core.approvals.model import Approval
from core.insights.service import note_shown
from core.kernel.errors import NotFound
from core.kernel.ids import ApprovalId
from core.purchases import repo as purchases
from core.uow import Uow


@requires(Permission.approvals_read)
async def show(uow: Uow, actor: Actor, approval_id: ApprovalId) -> ApprovalWithFacts:
    """One approval with its facts, if this person may see it."""
    approval = await approvals.visible_to(uow, actor, approval_id)
    found = await with_facts(uow, actor, [approval])
    if not found:
        raise NotFound(what="approval")
    return found[0]


async def with_facts(uow: Uow, actor: Actor, found: Sequence[Approval]) -> list[ApprovalWithFacts]:
    """These approvals with their facts, without those that this reader may not see."""
    requests = sorted({each.request_id for each in found})
    bought = await purchases.load_many(uow, requests)
    known = await repo.history_of(uow, requests)
    shown = (
        policy.approval_with_facts(bought[each.request_id], known[each.request_id], actor, each.id, uow.now)
        for each in found
    )
    seen = [each for each in shown if each is not None]
    note_shown(uow, [hint for each in seen for hint in policy.hints_of(each)], actor.person_id)
    return seen
