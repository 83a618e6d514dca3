"""The use cases of awards: close an RFQ, which chooses a quote, or propose another quote than the chosen one."""

from core.access.actor import Actor
from core.access.guard import person_of, requires
from core.access.permissions import Permission
from core.awards import selection
from core.awards.commands import CloseRfq, ProposeQuote
from core.kernel.errors import NotFound
from core.kernel.ids import RfqId
from core.quotes import repo as quotes
from core.quotes.policy import check_may_propose
from core.quotes.states import QuoteState
from core.rfqs import repo as rfqs
from core.rfqs.model import RfqDetails
from core.rfqs.queries import rfq_details
from core.rfqs.repo import lock_rfq
from core.rfqs.states import RfqState
from core.uow import Uow


@requires(Permission.rfqs_close)
async def close(uow: Uow, actor: Actor, command: CloseRfq) -> RfqDetails:
    """Close an RFQ before its deadline."""
    seen = await rfqs.visible_to(uow, actor, command.rfq_id)
    rfq = await lock_rfq(uow, seen, command.expected_version)
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
    seen = await rfqs.visible_to(uow, actor, command.rfq_id)
    rfq = await lock_rfq(uow, seen, command.expected_version)
    answers = await quotes.of_rfq(uow, rfq.id)
    quote = next((item for item in answers if item.id == command.quote_id), None)
    if quote is None:
        raise NotFound(what="quote")
    decided = any(item.state is QuoteState.approved for item in answers)
    check_may_propose(quote, rfq, decided=decided, today=uow.now.date())
    await selection.unselect_quotes(uow, answers)
    rfq, quote = await rfqs.load(uow, rfq.id), await quotes.load(uow, quote.id)
    proposed = await selection.select_quote(
        uow, rfq, quote, by="officer", proposed_by=person_of(actor), reason=command.reason
    )
    return await rfq_details(uow, actor, proposed)
