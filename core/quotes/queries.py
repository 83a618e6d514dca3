"""The read models of quotes."""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.pagination import Page
from core.quotes import policy, repo
from core.quotes.actions import actions_of
from core.quotes.model import AttachedDocument, Quote, QuoteDetails, QuoteFilter
from core.rfqs import repo as rfqs
from core.rfqs.model import Rfq
from core.uow import Uow


@requires(Permission.rfqs_read)
async def list_quotes(uow: Uow, actor: Actor, filters: QuoteFilter) -> Page[QuoteDetails]:
    """Quotes, newest first: a vendor's own; for staff those that are no longer sealed."""
    page = await repo.page(uow, actor, filters)
    if not page.items:
        return page.with_items(())
    ids = {quote.rfq_id for quote in page.items}
    decided = await repo.decided_rfqs(uow, list(ids)) if actor.may(Permission.rfqs_propose) else frozenset()
    asked = await rfqs.by_ids(uow, ids)
    return page.with_items(await repo.details_of_all(uow, actor, page.items, asked, decided))


async def quote_details(
    uow: Uow,
    actor: Actor,
    quote: Quote,
    rfq: Rfq,
    decided: bool = False,
    files: tuple[AttachedDocument, ...] | None = None,
) -> QuoteDetails:
    """A quote with its RFQ's lines and its documents; before the award, a vendor does not see that it leads.

    ``decided`` is for staff: a quote of this RFQ is approved. ``files``: its documents, where they are known.
    """
    actions = actions_of(actor, quote, rfq, decided=decided, now=uow.now)
    if files is None:
        files = (await repo.documents_of(uow, actor, [quote.id]))[quote.id]
    return policy.details_for(actor, quote, rfq, files, actions)
