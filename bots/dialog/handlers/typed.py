"""What is typed instead of pressed: /approve REQ-104, /reject REQ-104 too dear, and so on.

One rule: a command does what its button does, to the thing as it is now, with the same question where words are
missing.
"""

from api.contract.approvals import ApprovalOut, DecisionIn
from api.contract.awards import CloseIn, ComparedQuote
from api.contract.orders import AcknowledgeIn
from api.contract.requests import RequestOut
from api.contract.rfqs import RfqOut
from bots.dialog import find
from bots.dialog.context import Context
from bots.dialog.handlers import approvals, orders, sourcing
from bots.dialog.message import IncomingMessage
from bots.dialog.submit import submit_or_ask
from bots.forms.reason import ReasonKind, ReasonValues
from bots.forms.request_values import LineValues, RequestValues


async def approve(ctx: Context, message: IncomingMessage) -> None:
    """/approve REQ-104"""
    approval = await _approval(ctx, message)
    if approval is None:
        return
    body = DecisionIn.model_validate(
        {"approval_id": approval.id, "verb": "approve", "expected_version": approval.version}
    )
    decided = await ctx.api.approvals.decide(body, key=ctx.command_key("approve"))
    await ctx.responder.text(approvals.decision_text(decided, ctx))


async def undo(ctx: Context, message: IncomingMessage) -> None:
    """/undo REQ-104, as long as the order waits."""
    approval = await _approval(ctx, message)
    if approval is None:
        return
    body = DecisionIn.model_validate(
        {"approval_id": approval.id, "verb": "undo", "expected_version": approval.version}
    )
    await ctx.api.approvals.decide(body, key=ctx.command_key("undo"))
    await ctx.responder.text(ctx.translate("cards.undone"))


async def reject(ctx: Context, message: IncomingMessage) -> None:
    """/reject REQ-104 too dear"""
    await _with_words(ctx, message, ReasonKind.reject)


async def ask(ctx: Context, message: IncomingMessage) -> None:
    """/ask REQ-104 do we have none left?"""
    await _with_words(ctx, message, ReasonKind.ask)


async def withdraw(ctx: Context, message: IncomingMessage) -> None:
    """/withdraw REQ-104 by whoever asked; /withdraw RFQ-31 by a vendor takes the quote back."""
    if ctx.is_vendor:
        await _withdraw_quote(ctx, message)
        return
    await _take_back(ctx, message, ReasonKind.withdraw_request)


async def cancel_request(ctx: Context, message: IncomingMessage) -> None:
    """/cancel_request REQ-104 we moved out"""
    await _take_back(ctx, message, ReasonKind.cancel_request)


async def copy(ctx: Context, message: IncomingMessage) -> None:
    """/copy REQ-104: the same lines as a new draft; the day is asked."""
    if ctx.is_vendor:
        await ctx.responder.text(ctx.translate("forms.not_for_vendors"))
        return
    request = await _request(ctx, message)
    if request is not None:
        await ctx.ask(await ctx.start_form("request", _copied(request)))


async def ask_vendors(ctx: Context, message: IncomingMessage) -> None:
    """/rfq REQ-104"""
    request = await _request(ctx, message)
    if request is not None:
        await _send_text(ctx, await sourcing.choose_vendors(ctx, request))


async def compare(ctx: Context, message: IncomingMessage) -> None:
    """/compare REQ-104 or RFQ-31; with "text" as a list."""
    request_id = await find.purchase(ctx, message.number)
    if request_id is None:
        await find.reply_not_found(ctx, message.number, "REQ-…")
        return
    listed = message.text_after_number.casefold() in (
        "text",
        ctx.translate("buttons.view_as_text").casefold(),
    )
    show = sourcing.show_comparison_as_text if listed else sourcing.show_comparison
    await _send_text(ctx, await show(ctx, request_id))


async def close(ctx: Context, message: IncomingMessage) -> None:
    """/close RFQ-31"""
    rfq = await _rfq(ctx, message)
    if rfq is not None:
        body = CloseIn(expected_version=rfq.version)
        closed = await ctx.api.awards.close(rfq.id, body, key=ctx.command_key("close"))
        await ctx.responder.text(ctx.translate("cards.rfq_now_closed", number=closed.number))


async def propose(ctx: Context, message: IncomingMessage) -> None:
    """/propose RFQ-31 Vendor A: delivers sooner"""
    rfq = await _rfq(ctx, message)
    if rfq is None:
        return
    compared = await ctx.api.requests.compare(rfq.request_id)
    quote = _named(compared.quotes, message.text_after_number)
    if quote is None:
        await _send_text(ctx, await sourcing.show_comparison(ctx, rfq.request_id))
        return
    values = ReasonValues(
        saying=ReasonKind.propose, id=rfq.id, version=rfq.version, other=quote.quote_id, about=rfq.number
    )
    await submit_or_ask(ctx, values, message.text_after_number[len(quote.vendor_name) :].strip(" :,-–"))


async def show_order(ctx: Context, message: IncomingMessage) -> None:
    """/po PO-77"""
    order = await find.order(ctx, message.number)
    if order is None:
        await find.reply_not_found(ctx, message.number, "PO-…")
        return
    await orders.show_order(ctx, order)


async def acknowledge(ctx: Context, message: IncomingMessage) -> None:
    """/acknowledge PO-77"""
    order = await find.order(ctx, message.number)
    if order is None:
        await find.reply_not_found(ctx, message.number, "PO-…")
        return
    body = AcknowledgeIn(expected_version=order.version)
    done = await ctx.api.orders.acknowledge(order.id, body, key=ctx.command_key("acknowledge"))
    await ctx.responder.text(ctx.translate("cards.now_acknowledged", number=done.number))


async def _with_words(ctx: Context, message: IncomingMessage, reason_kind: ReasonKind) -> None:
    approval = await _approval(ctx, message)
    if approval is None:
        return
    if not approval.may_decide:
        await ctx.responder.text(approvals.not_deciding_text(ctx, approval))
        return
    await submit_or_ask(
        ctx, approvals.reason_values(approval, reason_kind, approval.version), message.text_after_number
    )


async def _take_back(ctx: Context, message: IncomingMessage, reason_kind: ReasonKind) -> None:
    request = await _request(ctx, message)
    if request is not None:
        values = ReasonValues(
            saying=reason_kind, id=request.id, version=request.version, about=request.number
        )
        await submit_or_ask(ctx, values, message.text_after_number)


async def _withdraw_quote(ctx: Context, message: IncomingMessage) -> None:
    rfq = await _rfq(ctx, message)
    if rfq is None:
        return
    if rfq.my_quote is None:
        await ctx.responder.text(ctx.translate("forms.typed.no_quote", number=rfq.number))
        return
    quote = rfq.my_quote
    values = ReasonValues(
        saying=ReasonKind.withdraw_quote, id=quote.id, version=quote.version, about=quote.number
    )
    await submit_or_ask(ctx, values, message.text_after_number)


def _copied(request: RequestOut) -> RequestValues:
    lines = [
        LineValues(
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            price=line.estimated_unit_price,
        )
        for line in request.lines
    ]
    return RequestValues(
        lines=lines, currency=request.currency, cost_centre=request.cost_centre, note=request.note
    )


def _named(quotes: tuple[ComparedQuote, ...], text: str) -> ComparedQuote | None:
    """The quote of the vendor with whose name the words begin; the longest name wins."""
    message = text.casefold()
    matches = [quote for quote in quotes if message.startswith(quote.vendor_name.casefold())]
    return max(matches, key=lambda quote: len(quote.vendor_name), default=None)


async def _approval(ctx: Context, message: IncomingMessage) -> ApprovalOut | None:
    """The approval of the request with this number; the person is told when there is none."""
    request = await _request(ctx, message)
    if request is None:
        return None
    if request.approval_id is None:
        await ctx.responder.text(ctx.translate("forms.typed.nothing_to_decide", number=request.number))
        return None
    return await ctx.api.approvals.show(request.approval_id)


async def _request(ctx: Context, message: IncomingMessage) -> RequestOut | None:
    found = await find.request(ctx, message.number)
    if found is None:
        await find.reply_not_found(ctx, message.number, "REQ-…")
    return found


async def _rfq(ctx: Context, message: IncomingMessage) -> RfqOut | None:
    found = await find.rfq(ctx, message.number)
    if found is None:
        await find.reply_not_found(ctx, message.number, "RFQ-…")
    return found


async def _send_text(ctx: Context, text: str) -> None:
    if text:
        await ctx.responder.text(text)
