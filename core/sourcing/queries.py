"""What can be read of RFQs, quotes and the comparison."""

from dataclasses import dataclass, replace

from sqlalchemy import select

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.ids import RequestId, RfqId
from core.kernel.page import Page
from core.people import directory
from core.requests import repo as requests
from core.requests.tables import procurement_requests
from core.sourcing import award, policy, quotes, repo
from core.sourcing.model import Comparison, Quote, QuoteDetails, Rfq, RfqDetails
from core.sourcing.states import QuoteState, RfqState
from core.uow import Uow


@dataclass(frozen=True)
class RfqFilter:
    state: RfqState | None
    mine: bool
    cursor: str | None
    limit: int


@dataclass(frozen=True)
class QuoteFilter:
    state: QuoteState | None
    cursor: str | None
    limit: int


@requires(Permission.rfqs_read)
async def show(uow: Uow, actor: Actor, rfq_id: RfqId) -> RfqDetails:
    """One RFQ, if this person may see it; a vendor sees only its own part."""
    return await rfq_details(uow, actor, await repo.visible_to(uow, actor, rfq_id))


@requires(Permission.rfqs_read)
async def listing(uow: Uow, actor: Actor, wanted: RfqFilter) -> Page[RfqDetails]:
    """RFQs newest first: a vendor's own, an officer's, or all."""
    page = await repo.page(uow, actor, wanted.state, wanted.mine, wanted.cursor, wanted.limit)
    return Page(tuple([await rfq_details(uow, actor, rfq) for rfq in page.items]), page.next_cursor)


@requires(Permission.rfqs_read)
async def list_quotes(uow: Uow, actor: Actor, wanted: QuoteFilter) -> Page[QuoteDetails]:
    """Quotes newest first; a vendor's own, for staff those that are no longer sealed."""
    page = await quotes.page(uow, actor, wanted.state, wanted.cursor, wanted.limit)
    shown = [
        await quote_details(uow, actor, quote, await repo.load(uow, quote.rfq_id)) for quote in page.items
    ]
    return Page(tuple(shown), page.next_cursor)


@requires(Permission.quotes_compare)
async def compare(uow: Uow, actor: Actor, request_id: RequestId) -> Comparison:
    """All answers in the request's currency, best marked; sealed while the RFQ is open."""
    request = await requests.visible_to(uow, actor, request_id)
    rfq = await repo.of_request(uow, request.id)
    converted = await award.converted_quotes(uow, rfq) if rfq is not None and not rfq.sealed else []
    live = [item for item in converted if item.quote.state not in (QuoteState.withdrawn, QuoteState.expired)]
    totals = [
        item.total for item in live if item.quote.complete and item.quote.state is not QuoteState.rejected
    ]
    return Comparison(
        request_id=request.id,
        request_number=request.number,
        rfq=rfq,
        sealed=rfq is not None and rfq.sealed,
        currency=request.currency,
        rate_day=(rfq.closed_at or uow.now).date() if rfq is not None and not rfq.sealed else None,
        quotes=tuple(sorted(live, key=lambda item: (not item.quote.complete, item.total))),
        best_total=min(totals, default=None),
        best_prices=dict(policy.best_prices(live, request.currency)),
        documents=await quotes.documents_of(uow, actor, [item.quote.id for item in live]),
    )


async def rfq_details(uow: Uow, actor: Actor, rfq: Rfq) -> RfqDetails:
    """An RFQ with names; what a vendor must not see is taken out here."""
    row = (
        await uow.connection.execute(
            select(procurement_requests.c.number, procurement_requests.c.cost_centre).where(
                procurement_requests.c.id == rfq.request_id
            )
        )
    ).one()
    organisation = await directory.the_organisation(uow.connection)
    if actor.vendor_id is None:
        answered = sum(1 for invitation in rfq.invitations if invitation.answered)
        return RfqDetails(rfq, row.number, row.cost_centre, organisation.name, answered, None)
    mine = await quotes.live_of(uow, rfq.id, actor.vendor_id)
    own = await quote_details(uow, actor, mine, rfq) if mine else None
    return RfqDetails(rfq, row.number, row.cost_centre, organisation.name, None, own)


async def quote_details(uow: Uow, actor: Actor, quote: Quote, rfq: Rfq) -> QuoteDetails:
    """A quote with its RFQ's lines and its documents; a vendor does not learn before the award that it leads."""
    quiet = quote.state is QuoteState.selected or (
        quote.state is QuoteState.approved and rfq.state is not RfqState.awarded
    )
    if actor.is_vendor and quiet:
        quote = replace(quote, state=QuoteState.submitted)
    files = await quotes.documents_of(uow, actor, [quote.id])
    return QuoteDetails(quote, rfq.number, rfq.lines, files[quote.id])
