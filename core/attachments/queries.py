"""The read model of a request's files."""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.attachments import repo
from core.attachments.model import RequestFile
from core.kernel.ids import RequestId
from core.requests import repo as requests
from core.uow import Uow


@requires(Permission.requests_read)
async def files(uow: Uow, actor: Actor, request_id: RequestId) -> tuple[RequestFile, ...]:
    """The files of a visible request that this person may read."""
    request = await requests.visible_to(uow, actor, request_id)
    return await repo.files_of(uow, actor, request.id)
