"""The read model of comments: those on one request."""

from dataclasses import dataclass

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.comments import repo
from core.comments.model import Comment
from core.kernel.ids import RequestId
from core.kernel.pagination import Page
from core.requests import repo as requests
from core.uow import Uow


@dataclass(frozen=True)
class CommentFilter:
    request_id: RequestId
    cursor: str | None
    limit: int


@requires(Permission.requests_read)
async def listing(uow: Uow, actor: Actor, filters: CommentFilter) -> Page[Comment]:
    """The comments on a request that this person may see, newest last."""
    request = await requests.visible_to(uow, actor, filters.request_id)
    return await repo.page(uow, request.id, filters.cursor, filters.limit)
