"""What quotes, approvals and orders do to a split award.

One rule: a purchase that was not split passes through here unchanged, and costs no statement more.
"""

from dataclasses import replace

from core.approvals import service as approvals
from core.approvals.events import ApprovalEvent
from core.approvals.states import Verdict
from core.awards import selection
from core.awards.policy import taking
from core.awards.reactions import ORDER_CANCELLED
from core.awards.repo import lose
from core.decisions.events import ApprovalApproved, ApprovalDecided, ApprovalRejected, ApprovalUndone
from core.issuing.service import order_share
from core.kernel.subjects import SubjectKind
from core.orders import repo as orders
from core.orders.events import OrderCompleted, OrderIssued, OrderStopped
from core.orders.model import Order
from core.orders.states import OrderState
from core.progress import service as progress
from core.quotes import repo as quotes
from core.quotes.events import (
    QuoteApproved,
    QuoteExpired,
    QuoteRejected,
    QuoteReturned,
    QuoteUnselected,
    QuoteWithdrawn,
    quote_envelope,
)
from core.quotes.model import Quote
from core.quotes.policy import check_may_be_approved
from core.quotes.states import QuoteState, QuoteVerb, after_quote
from core.requests import repo as requests
from core.requests.states import ENDED
from core.rfqs import repo as rfqs
from core.rfqs.events import RfqAwarded, envelope
from core.rfqs.model import Rfq
from core.rfqs.states import RfqState, RfqVerb, after_rfq
from core.split_awards import repo
from core.split_awards.errors import SplitReplaced
from core.split_awards.events import SplitReduced
from core.split_awards.model import SplitAward
from core.uow import Uow


async def on_quote_gone(uow: Uow, event: QuoteWithdrawn | QuoteExpired) -> None:
    """A split award falls apart with one of its quotes: the approval ends, and the next best quote is selected."""
    rfq = await rfqs.load(uow, event.rfq_id)
    if rfq.split_award_id is None or not event.was_selected or rfq.state is not RfqState.closed:
        return
    await approvals.withdraw_pending(uow, rfq.request_id, event.type, rfq.split_award_id)
    await selection.unselect_quotes(uow, await quotes.of_rfq(uow, rfq.id))
    left = await rfqs.load(uow, rfq.id)
    await selection.choose_winner(uow, selection.without_choice(left), "next best")


async def on_quote_unselected(uow: Uow, event: QuoteUnselected) -> None:
    """Something else is proposed instead of the split award."""
    rfq = await rfqs.load(uow, event.rfq_id)
    if rfq.split_award_id is not None:
        await approvals.withdraw_pending(uow, rfq.request_id, event.type, rfq.split_award_id)


async def on_approval_decided(uow: Uow, event: ApprovalDecided) -> None:
    """Nobody approves, at any step, what was replaced or can no longer be ordered from one of the vendors."""
    award = await _award_of(uow, event) if event.verb == Verdict.approve else None
    if award is None:
        return
    await _proposed(uow, award)
    for quote in await _decided(uow, event):
        check_may_be_approved(quote, uow.now.date())


async def on_approval_approved(uow: Uow, event: ApprovalApproved) -> None:
    """Every quote of the award is approved, and each vendor's lines are one order; all in this transaction."""
    award = await _award_of(uow, event)
    if award is None:
        return
    rfq = await _proposed(uow, award)
    for quote in await _decided(uow, event):
        won = await quotes.swap(uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.approve)))
        await uow.record(QuoteApproved(**quote_envelope(won)))
    for quote_id in dict.fromkeys(award.lines.values()):
        if quote_id is not None:
            lines = [line for line in rfq.lines if award.lines[line.id] == quote_id]
            quote = taking(await quotes.load(uow, quote_id), award.alternatives)
            await order_share(uow, event, quote, lines, award.id)


async def on_approval_undone(uow: Uow, event: ApprovalUndone) -> None:
    """The quotes are selected again and wait for a decision."""
    for quote in await _decided(uow, event):
        back = await quotes.swap(uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.undo)))
        await uow.record(QuoteReturned(**quote_envelope(back)))


async def on_approval_rejected(uow: Uow, event: ApprovalRejected) -> None:
    """The combination is rejected, not its quotes: each may still be proposed, or split otherwise."""
    award = await _award_of(uow, event)
    if award is None or event.request_too:
        return
    rfq = await rfqs.load(uow, award.rfq_id)
    if rfq.split_award_id != award.id:
        return  # what was proposed in its place stays proposed
    left = await rfqs.swap(uow, rfq, selection.without_choice(rfq))
    await selection.unselect_quotes(uow, await quotes.of_rfq(uow, rfq.id))
    await selection.fail_without_choice(uow, left, "rejected")


async def on_order_issued(uow: Uow, event: OrderIssued) -> None:
    """With the first order that is sent the RFQ is awarded: the quotes without a line are lost."""
    order = await orders.load(uow, event.subject_id)
    if order.split_award_id is None:
        return
    request = await requests.of_purchase(uow, order.request_id)
    rfq = await rfqs.load(uow, request.rfq_id) if request.rfq_id else None
    if rfq is None or rfq.split_award_id != order.split_award_id or rfq.state is not RfqState.closed:
        return
    awarded = await rfqs.swap(uow, rfq, replace(rfq, state=after_rfq(rfq.state, RfqVerb.award)))
    await lose(uow, rfq.id, None)
    award = await repo.load(uow, order.split_award_id)
    won = [quote for quote in await quotes.of_rfq(uow, rfq.id) if quote.id in award.quote_ids]
    winners = [quote.vendor_id for quote in won if quote.state is QuoteState.approved]
    more = tuple(vendor for vendor in winners if vendor != order.vendor_id)
    others = tuple(each.vendor_id for each in rfq.invitations if each.vendor_id not in winners)
    await uow.record(
        RfqAwarded(
            **envelope(awarded),
            quote_id=order.quote_id,
            vendor_id=order.vendor_id,
            others=others,
            more=more,
        )
    )


async def on_order_stopped(uow: Uow, event: OrderStopped) -> None:
    """The other orders go on; with the last one the request returns to its quotes, as with the only one."""
    order = await orders.load(uow, event.subject_id)
    if order.split_award_id is None:
        await progress.on_order_cancelled(uow, event)
        return
    quote = await quotes.load(uow, order.quote_id)
    out = await quotes.swap(uow, quote, replace(quote, state=after_quote(quote.state, QuoteVerb.reject)))
    await uow.record(QuoteRejected(**quote_envelope(out), reason=ORDER_CANCELLED))
    left = await orders.live_beside(uow, order)
    if not left:
        await progress.on_order_cancelled(uow, event)
        await _reopen(uow, order)
        return
    if (await requests.of_purchase(uow, order.request_id)).state in ENDED:
        return  # they end too, one after the other
    rfq = await rfqs.load(uow, quote.rfq_id)
    await uow.record(
        SplitReduced(
            **envelope(rfq),
            order=order.number,
            vendor=quote.vendor_name,
            lines=tuple(line.description for line in order.lines),
            reason=event.reason,
        )
    )
    if all(each.state is OrderState.completed for each in left):
        await progress.on_order_completed(uow, event)


async def _reopen(uow: Uow, order: Order) -> None:
    """Nothing is ordered any more, so something else may be proposed."""
    rfq = await rfqs.load(uow, (await quotes.load(uow, order.quote_id)).rfq_id)
    if rfq.split_award_id is None:
        return
    awarded = rfq.state is RfqState.awarded
    state = after_rfq(rfq.state, RfqVerb.reopen_choice) if awarded else rfq.state
    left = await rfqs.swap(uow, rfq, replace(selection.without_choice(rfq), state=state))
    if (await requests.of_purchase(uow, rfq.request_id)).state not in ENDED:
        await selection.fail_without_choice(uow, left, ORDER_CANCELLED)


async def on_order_completed(uow: Uow, event: OrderCompleted) -> None:
    """The request is completed with the last of its orders."""
    order = await orders.load(uow, event.subject_id)
    if any(each.state is not OrderState.completed for each in await orders.live_beside(uow, order)):
        return
    await progress.on_order_completed(uow, event)


async def _award_of(uow: Uow, event: ApprovalEvent) -> SplitAward | None:
    return await repo.load(uow, event.about_id) if event.about_kind == SubjectKind.split_award else None


async def _proposed(uow: Uow, award: SplitAward) -> Rfq:
    """The RFQ, if this split award is still what it proposes: with the same quotes in another, only this tells."""
    rfq = await rfqs.load(uow, award.rfq_id)
    if rfq.split_award_id != award.id:
        raise SplitReplaced(number=rfq.number)
    return rfq


async def _decided(uow: Uow, event: ApprovalEvent) -> list[Quote]:
    """The quotes that an approval is about, when it is about a split award."""
    award = await _award_of(uow, event)
    if award is None:
        return []
    return [each for each in await quotes.of_rfq(uow, award.rfq_id) if each.id in award.quote_ids]
