"""The read models of RFQs with the reading vendor's own quote."""

from dataclasses import dataclass

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.db.pages import PageQuery
from core.kernel.ids import RfqId
from core.kernel.pagination import Page
from core.quotes import repo
from core.quotes.model import RfqWithQuote
from core.quotes.queries import quote_details
from core.rfqs import repo as rfqs
from core.rfqs.model import Rfq
from core.rfqs.queries import rfq_details
from core.rfqs.states import RfqState
from core.uow import Uow


@dataclass(frozen=True)
class RfqFilter:
    state: RfqState | None
    mine: bool
    page: PageQuery


@requires(Permission.rfqs_read)
async def show(uow: Uow, actor: Actor, rfq_id: RfqId) -> RfqWithQuote:
    """One RFQ, if this person may see it; a vendor sees only its own part."""
    return await _with_quote(uow, actor, await rfqs.visible_to(uow, actor, rfq_id))


@requires(Permission.rfqs_read)
async def listing(uow: Uow, actor: Actor, filters: RfqFilter) -> Page[RfqWithQuote]:
    """RFQs, newest first: a vendor's own, an officer's, or all."""
    page = await rfqs.page(uow, actor, filters.state, filters.mine, filters.page)
    return page.with_items([await _with_quote(uow, actor, rfq) for rfq in page.items])


async def _with_quote(uow: Uow, actor: Actor, rfq: Rfq) -> RfqWithQuote:
    details = await rfq_details(uow, actor, rfq)
    mine = await repo.live_of(uow, rfq.id, actor.vendor_id) if actor.vendor_id is not None else None
    return RfqWithQuote(details, await quote_details(uow, actor, mine, rfq) if mine else None)
