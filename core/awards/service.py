"""The use cases of awards: close an RFQ, which chooses a quote, or propose another quote than the chosen one."""

from core.access.actor import Actor
from core.access.guard import person_of, requires
from core.access.permissions import Permission
from core.awards import selection
from core.awards.commands import CloseRfq, ProposeQuote
from core.awards.errors import OrderExists, QuoteNotEligible
from core.kernel.errors import NotFound, Stale
from core.kernel.ids import RfqId
from core.quotes import repo as quotes
from core.quotes.model import Quote
from core.quotes.states import QuoteState
from core.rfqs import repo as rfqs
from core.rfqs.model import Rfq, RfqDetails
from core.rfqs.queries import rfq_details
from core.rfqs.repo import lock_rfq
from core.rfqs.states import RfqState
from core.uow import Uow


@requires(Permission.rfqs_close)
async def close(uow: Uow, actor: Actor, command: CloseRfq) -> RfqDetails:
    """Close an RFQ before its deadline."""
    rfq = await lock_rfq(uow, await rfqs.visible_to(uow, actor, command.rfq_id))
    if command.expected_version is not None and command.expected_version != rfq.version:
        raise Stale(what="rfq", expected=command.expected_version, current=rfq.version)
    return await rfq_details(uow, actor, await selection.close(uow, rfq, "officer"))


@requires(Permission.rfqs_close)
async def close_due(uow: Uow, actor: Actor, rfq_id: RfqId) -> None:
    """Close an RFQ whose deadline has passed; the scheduler calls this."""
    rfq = await lock_rfq(uow, await rfqs.load(uow, rfq_id))
    if rfq.state is RfqState.open and rfq.quote_by <= uow.now:
        await selection.close(uow, rfq, "deadline")


@requires(Permission.rfqs_propose)
async def propose(uow: Uow, actor: Actor, command: ProposeQuote) -> RfqDetails:
    """Propose another quote with a reason; a pending approval is replaced by a new one."""
    rfq = await lock_rfq(uow, await rfqs.visible_to(uow, actor, command.rfq_id))
    if command.expected_version is not None and command.expected_version != rfq.version:
        raise Stale(what="rfq", expected=command.expected_version, current=rfq.version)
    if rfq.state is not RfqState.closed:
        raise OrderExists(number=rfq.number) if rfq.state is RfqState.awarded else _not_closed(rfq)
    answers = await quotes.of_rfq(uow, rfq.id)
    if any(item.state is QuoteState.approved for item in answers):
        raise OrderExists(number=rfq.number)
    quote = next((item for item in answers if item.id == command.quote_id), None)
    if quote is None:
        raise NotFound(what="quote")
    await selection.unselect_quote(uow, rfq)
    rfq, quote = await rfqs.load(uow, rfq.id), await quotes.load(uow, quote.id)
    _check_eligible(quote, uow)
    proposed = await selection.select_quote(
        uow, rfq, quote, by="officer", proposed_by=person_of(actor), reason=command.reason
    )
    return await rfq_details(uow, actor, proposed)


def _check_eligible(quote: Quote, uow: Uow) -> None:
    if quote.state is not QuoteState.submitted:
        raise QuoteNotEligible(number=quote.number, why=quote.state.value)
    if not quote.complete:
        raise QuoteNotEligible(number=quote.number, why="incomplete")
    if quote.valid_until < uow.now.date():
        raise QuoteNotEligible(number=quote.number, why="expired")


def _not_closed(rfq: Rfq) -> Exception:
    return QuoteNotEligible(number=rfq.number, why=f"rfq {rfq.state.value}")
