"""What an award does when a vendor answers, an approval is decided, or an order is issued or cancelled."""

from dataclasses import replace

from core.approvals.events import ApprovalEvent
from core.approvals.states import Verdict
from core.awards.repo import lose
from core.awards.selection import (
    choose_winner,
    close_when_answered,
    fail_without_choice,
    without_choice,
)
from core.decisions.events import ApprovalApproved, ApprovalDecided, ApprovalRejected, ApprovalUndone
from core.kernel.subjects import SubjectKind
from core.log.events import Event
from core.quotes import repo as quotes
from core.quotes.events import QuoteApproved, QuoteEvent, QuoteRejected, QuoteReturned, quote_envelope
from core.quotes.model import Quote
from core.quotes.policy import check_may_be_approved
from core.quotes.states import QuoteVerb, after_quote
from core.requests import repo as requests
from core.requests.states import ENDED
from core.rfqs import repo as rfqs
from core.rfqs.events import RfqAwarded, RfqEvent, envelope
from core.rfqs.model import Rfq
from core.rfqs.states import RfqState, RfqVerb, after_rfq
from core.uow import Uow

ORDER_CANCELLED = "order cancelled"
"""Why the quote of a cancelled order is out of the running."""


async def on_purchase_moved(uow: Uow, event: QuoteEvent | ApprovalEvent) -> None:
    """Read what the reactions after this one change, by one statement."""
    if isinstance(event, QuoteEvent):
        await quotes.read_purchase_of(uow, event.subject_id)
    elif event.about_kind == SubjectKind.quote:
        await quotes.read_purchase_of(uow, event.about_id)


async def on_answer(uow: Uow, event: RfqEvent | QuoteEvent) -> None:
    """Close the RFQ when its last open invitation has been answered."""
    await close_when_answered(uow, await _rfq_of(uow, event))


async def on_quote_lost(uow: Uow, event: QuoteEvent) -> None:
    """The next best quote takes the place of the selected one; an RFQ whose last quote is gone has failed."""
    rfq = await _rfq_of(uow, event)
    if rfq.state is RfqState.closed and rfq.selected_quote_id == event.subject_id:
        await choose_winner(uow, replace(rfq, selected_quote_id=None), "next best")
    elif rfq.state is RfqState.closed and not rfq.chosen:
        await fail_without_choice(uow, rfq, "no quote left")


async def on_approval_decided(uow: Uow, event: ApprovalDecided) -> None:
    """Nobody approves, at any step, what can no longer be ordered; the refusal takes the verdict back."""
    quote = await _decided(uow, event) if event.verb == Verdict.approve else None
    if quote is not None:
        check_may_be_approved(quote, uow.now.date())


async def on_approval_approved(uow: Uow, event: ApprovalApproved) -> None:
    """The approved quote can no longer be withdrawn or passed over; no vendor is notified yet."""
    quote = await _decided(uow, event)
    if quote is None:
        return
    won = await quotes.swap(uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.approve)))
    await uow.record(QuoteApproved(**quote_envelope(won)))


async def on_approval_undone(uow: Uow, event: ApprovalUndone) -> None:
    """The quote is selected again and waits for a decision."""
    quote = await _decided(uow, event)
    if quote is None:
        return
    back = await quotes.swap(uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.undo)))
    await uow.record(QuoteReturned(**quote_envelope(back)))


async def on_order_issued(uow: Uow, event: Event) -> None:
    """The approved quote wins. From now on vendors are notified: the winner and the others."""
    request = await requests.of_purchase(uow, event.request_id) if event.request_id else None
    rfq = await rfqs.load(uow, request.rfq_id) if request is not None and request.rfq_id else None
    if rfq is None or rfq.selected_quote_id is None:
        return
    won = await quotes.load(uow, rfq.selected_quote_id)
    awarded = await rfqs.swap(uow, rfq, replace(rfq, state=after_rfq(rfq.state, RfqVerb.award)))
    await lose(uow, rfq.id, won.id)
    others = tuple(item.vendor_id for item in rfq.invitations if item.vendor_id != won.vendor_id)
    await uow.record(RfqAwarded(**envelope(awarded), quote_id=won.id, vendor_id=won.vendor_id, others=others))


async def on_approval_rejected(uow: Uow, event: ApprovalRejected) -> None:
    """The rejected quote is out of the running; the officer proposes another one, or asks vendors again."""
    quote = await _decided(uow, event)
    if quote is None or event.request_too:
        return  # with its request the quote is lost, as all others
    rfq = await rfqs.load(uow, quote.rfq_id)
    out = await quotes.swap(uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.reject)))
    left = await rfqs.swap(uow, rfq, without_choice(rfq))
    await uow.record(QuoteRejected(**quote_envelope(out), reason=event.reason))
    await fail_without_choice(uow, left, "rejected")


async def on_order_cancelled(uow: Uow, event: Event) -> None:
    """The cancelled order's quote is out of the running, and the others can be proposed again."""
    rfq = await rfqs.of_request(uow, event.request_id) if event.request_id else None
    if rfq is None or rfq.selected_quote_id is None or rfq.state not in (RfqState.closed, RfqState.awarded):
        return
    quote = await quotes.load(uow, rfq.selected_quote_id)
    out = await quotes.swap(uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.reject)))
    awarded = rfq.state is RfqState.awarded
    reopened = after_rfq(rfq.state, RfqVerb.reopen_choice) if awarded else rfq.state
    left = await rfqs.swap(uow, rfq, replace(without_choice(rfq), state=reopened))
    await uow.record(QuoteRejected(**quote_envelope(out), reason=ORDER_CANCELLED))
    request = await requests.of_purchase(uow, rfq.request_id)
    if request.state not in ENDED:
        await fail_without_choice(uow, left, ORDER_CANCELLED)


async def on_rfq_over(uow: Uow, event: RfqEvent) -> None:
    """Nothing of this RFQ will be chosen any more, so every quote that waits is lost."""
    await lose(uow, event.subject_id, None)


async def _rfq_of(uow: Uow, event: RfqEvent | QuoteEvent) -> Rfq:
    """The RFQ that an event of the RFQ, or of one of its quotes, is about."""
    return await rfqs.load(uow, event.rfq_id if isinstance(event, QuoteEvent) else event.subject_id)


async def _decided(uow: Uow, event: ApprovalEvent) -> Quote | None:
    """The quote that an approval is about."""
    return await quotes.load(uow, event.about_id) if event.about_kind == "quote" else None
