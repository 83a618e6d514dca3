"""The read models of RFQs with the reading vendor's own quote."""

from collections.abc import Sequence

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.ids import RfqId
from core.kernel.pagination import Page
from core.quotes import repo
from core.quotes.model import RfqWithQuote
from core.rfqs import repo as rfqs
from core.rfqs.model import Rfq, RfqFilter
from core.uow import Uow


@requires(Permission.rfqs_read)
async def show(uow: Uow, actor: Actor, rfq_id: RfqId) -> RfqWithQuote:
    """One RFQ, if this person may see it; a vendor sees only its own part."""
    return (await _with_quotes(uow, actor, [await rfqs.visible_to(uow, actor, rfq_id)]))[0]


@requires(Permission.rfqs_read)
async def listing(uow: Uow, actor: Actor, filters: RfqFilter) -> Page[RfqWithQuote]:
    """RFQs, newest first: a vendor's own, an officer's, or all."""
    page = await rfqs.page(uow, actor, filters)
    return page.with_items(await _with_quotes(uow, actor, page.items))


async def _with_quotes(uow: Uow, actor: Actor, found: Sequence[Rfq]) -> tuple[RfqWithQuote, ...]:
    """In a fixed number of statements, however many there are."""
    details = await rfqs.details_of_all(uow, actor, found)
    ids = [rfq.id for rfq in found]
    own = await repo.live_of_rfqs(uow, ids, actor.vendor_id) if actor.vendor_id is not None else {}
    shown = await repo.details_of_all(uow, actor, list(own.values()), {rfq.id: rfq for rfq in found})
    quoted = {item.quote.rfq_id: item for item in shown}
    return tuple(RfqWithQuote(item, quoted.get(item.rfq.id)) for item in details)
