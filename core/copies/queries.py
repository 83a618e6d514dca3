"""What a copy would say, for a form that posts nothing before it is submitted."""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.copies import policy
from core.kernel.ids import RequestId
from core.requests import repo
from core.requests.commands import CreateRequest
from core.uow import Uow


@requires(Permission.requests_create)
async def preview(uow: Uow, actor: Actor, request_id: RequestId) -> CreateRequest:
    """The draft that ``copy`` would make."""
    return policy.copied(await repo.visible_to(uow, actor, request_id), uow.now.date())
