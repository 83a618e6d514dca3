"""Copies a request that somebody may see into a draft of their own."""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.copies import policy
from core.copies.commands import CopyRequest
from core.requests import repo, service
from core.requests.model import RequestDetails
from core.uow import Uow


@requires(Permission.requests_create)
async def copy(uow: Uow, actor: Actor, command: CopyRequest) -> RequestDetails:
    """A new draft with the same lines; the original stays as it is."""
    original = await repo.visible_to(uow, actor, command.request_id)
    draft = policy.with_given(policy.copied(original, uow.now.date()), command.needed_by, command.cost_centre)
    return await service.create(uow, actor, draft)
