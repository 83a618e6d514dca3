"""The read models of procurement requests."""

from dataclasses import dataclass

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.db.pages import PageQuery
from core.kernel.ids import RequestId
from core.kernel.pagination import Page
from core.requests import repo
from core.requests.model import RequestDetails, TimelineEntry
from core.requests.states import RequestState
from core.uow import Uow


@dataclass(frozen=True)
class RequestFilter:
    state: RequestState | None
    mine: bool
    page: PageQuery


@requires(Permission.requests_read)
async def show(uow: Uow, actor: Actor, request_id: RequestId) -> RequestDetails:
    """One request, if this person may see it."""
    return await repo.details(uow, await repo.visible_to(uow, actor, request_id))


@requires(Permission.requests_read)
async def listing(uow: Uow, actor: Actor, filters: RequestFilter) -> Page[RequestDetails]:
    """The requests this person may see, newest first."""
    page = await repo.page(uow, actor, filters.state, filters.mine, filters.page)
    return page.with_items(await repo.details_of_all(uow, page.items))


@requires(Permission.requests_read)
async def timeline(uow: Uow, actor: Actor, request_id: RequestId) -> tuple[TimelineEntry, ...]:
    """Everything that happened to this purchase, on every channel, oldest first."""
    await repo.visible_to(uow, actor, request_id)
    return await repo.timeline(uow, request_id)
