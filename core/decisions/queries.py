"""The read models of approvals."""

from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.approvals import repo, routing
from core.approvals.model import Approval, ApprovalDetails, ApprovalFilter
from core.decisions.actions import actions_of
from core.kernel.ids import ApprovalId
from core.kernel.pagination import Page
from core.uow import Uow


@requires(Permission.approvals_read)
async def show(uow: Uow, actor: Actor, approval_id: ApprovalId) -> ApprovalDetails:
    """One approval, if this person may see it."""
    return await details(uow, actor, await repo.visible_to(uow, actor, approval_id))


@requires(Permission.approvals_read)
async def listing(uow: Uow, actor: Actor, filters: ApprovalFilter) -> Page[ApprovalDetails]:
    """Approvals, newest first."""
    return await details_of_page(uow, actor, await repo.page(uow, actor, filters))


async def details_of_page(uow: Uow, actor: Actor, page: Page[Approval]) -> Page[ApprovalDetails]:
    """A page with names, in one statement."""
    names = await routing.names(uow, *page.items)
    return page.map(lambda each: ApprovalDetails(each, names, actions_of(actor, each, uow.now)))


async def details(uow: Uow, actor: Actor, approval: Approval) -> ApprovalDetails:
    """An approval with names, and what this actor may do with it."""
    return details_with(uow, actor, approval, await routing.names(uow, approval))


def details_with(uow: Uow, actor: Actor, approval: Approval, names: dict[UUID, str]) -> ApprovalDetails:
    """The same with names that were read before."""
    return ApprovalDetails(approval, names, actions_of(actor, approval, uow.now))
