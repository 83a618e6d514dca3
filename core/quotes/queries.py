"""The read models of quotes."""

from dataclasses import dataclass

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.pagination import Page
from core.quotes import policy, repo
from core.quotes.actions import actions_of
from core.quotes.model import AttachedDocument, Quote, QuoteDetails
from core.quotes.states import QuoteState
from core.rfqs import repo as rfqs
from core.rfqs.model import Rfq
from core.uow import Uow


@dataclass(frozen=True)
class QuoteFilter:
    state: QuoteState | None
    cursor: str | None
    limit: int


@requires(Permission.rfqs_read)
async def list_quotes(uow: Uow, actor: Actor, filters: QuoteFilter) -> Page[QuoteDetails]:
    """Quotes, newest first: a vendor's own; for staff those that are no longer sealed."""
    page = await repo.page(uow, actor, filters.state, filters.cursor, filters.limit)
    proposes = actor.may(Permission.rfqs_propose)
    decided = await repo.decided_rfqs(uow, [quote.rfq_id for quote in page.items]) if proposes else ()
    shown = [
        await quote_details(uow, actor, quote, await rfqs.load(uow, quote.rfq_id), quote.rfq_id in decided)
        for quote in page.items
    ]
    return Page(tuple(shown), page.next_cursor)


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
