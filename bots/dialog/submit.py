"""What a complete form of one answer does: reject, ask, answer, comment, decline, propose, withdraw, cancel, end.

One rule: the text is the person's, the effect is one call.
"""

from uuid import UUID

from api.contract.amendments import CancelRfqIn
from api.contract.approvals import DecisionIn
from api.contract.awards import ProposeIn
from api.contract.findings import DismissFindingIn
from api.contract.orders import CancelOrderIn, OrderReasonIn
from api.contract.quotes import DeclineIn, WithdrawQuoteIn
from api.contract.requests import CancelIn, RejectIn, WithdrawIn
from bots.cards.card import Card
from bots.client.errors import ApiError
from bots.dialog.context import Context
from bots.dialog.origin import CardRef
from bots.forms.form import Rejected
from bots.forms.reason import PROMPTS, ReasonKind, ReasonValues

_STILL_ORDERED = frozenset({"ordered", "completed"})
"""The states of a request of which other orders are left; one that lost its only order is back with its quotes."""

SubmitResult = tuple[Card, str, CardRef | None]


async def submit(ctx: Context, values: ReasonValues, key: str) -> SubmitResult:
    """Make the call that this text is for; what the person sees instead of the question."""
    match values.saying:
        case ReasonKind.reject | ReasonKind.reject_request | ReasonKind.ask:
            return await _decide(ctx, values, key)
        case ReasonKind.answer:
            await ctx.api.approvals.answer(values.id, values.text, key=key)
            return _card(ctx, "forms.answer.sent")
        case ReasonKind.comment:
            await ctx.api.requests.comment(values.id, values.text, key=key)
            return _card(ctx, "forms.comment.sent", number=values.about)
        case ReasonKind.no_bid:
            rfq = await ctx.api.quotes.decline(values.id, DeclineIn(reason=values.text), key=key)
            return _card(ctx, "forms.decline.sent", number=rfq.number)
        case ReasonKind.propose:
            return await _propose(ctx, values, key)
        case ReasonKind.withdraw_request:
            withdrawal = WithdrawIn(expected_version=values.version, reason=values.text)
            request = await ctx.api.requests.withdraw(values.id, withdrawal, key=key)
            return _card(ctx, "forms.withdraw.sent", number=request.number)
        case ReasonKind.cancel_request:
            cancellation = CancelIn(expected_version=values.version, reason=values.text)
            request = await ctx.api.requests.cancel(values.id, cancellation, key=key)
            return _card(ctx, "forms.cancel_request.sent", number=request.number)
        case ReasonKind.reject_unapproved:
            rejection = RejectIn(expected_version=values.version, reason=values.text)
            request = await ctx.api.requests.reject(values.id, rejection, key=key)
            return _card(ctx, "forms.reject_request.sent", number=request.number)
        case ReasonKind.cancel_rfq | ReasonKind.rfq_question | ReasonKind.rfq_answer:
            return await _about_rfq(ctx, values, key)
        case ReasonKind.withdraw_quote:
            body = WithdrawQuoteIn(reason=values.text, expected_version=values.version)
            quote = await ctx.api.quotes.withdraw(values.id, body, key=key)
            return _card(ctx, "forms.withdraw.sent", number=quote.number)
        case ReasonKind.finding_fine:
            said = DismissFindingIn(reason=values.text, version=values.version)
            finding = await ctx.api.findings.dismiss(values.id, said, key=key)
            return _card(ctx, "forms.finding_fine.sent", number=finding.request_number)
        case _:
            return await _end_order(ctx, values, key)


async def _is_still_ordered(ctx: Context, request_id: UUID) -> bool:
    """Whether other orders of the request go on; what was done is done, so not knowing it refuses nothing."""
    try:
        request = await ctx.api.requests.show(request_id)
    except ApiError:
        return False
    return request.state.value in _STILL_ORDERED


async def _end_order(ctx: Context, values: ReasonValues, key: str) -> SubmitResult:
    """Refuse, decline, call off, close short, or cancel."""
    orders = ctx.api.orders
    if values.saying is ReasonKind.cancel_order:
        body = CancelOrderIn(reason=values.text, expected_version=values.version)
        order = await orders.cancel(values.id, body, key=key)
        part = "_part" if await _is_still_ordered(ctx, order.request_id) else ""
        return _card(ctx, f"forms.cancel_order.sent{part}", number=order.number)
    calls = {
        ReasonKind.refuse_order: orders.refuse,
        ReasonKind.decline_change: orders.decline_change,
        ReasonKind.call_off_order: orders.call_off,
        ReasonKind.close_order: orders.close_short,
    }
    reason = OrderReasonIn(reason=values.text, expected_version=values.version)
    order = await calls[values.saying](values.id, reason, key=key)
    return _card(ctx, f"forms.{values.saying.value}.sent", number=order.number)


async def submit_or_ask(ctx: Context, values: ReasonValues, typed_text: str) -> None:
    """Do it with the text that was typed after a command; without any, ask for it."""
    if not typed_text:
        await ctx.ask(await ctx.start_form("saying", values))
        return
    text = PROMPTS[values.saying].read(typed_text, ctx.form_ctx)
    if isinstance(text, Rejected):
        await ctx.responder.text(text.text)
        return
    completed = values.model_copy(update={"text": text})
    card, _, card_ref = await submit(ctx, completed, ctx.command_key(values.saying.value))
    await ctx.show(card, card_ref)


async def _decide(ctx: Context, values: ReasonValues, key: str) -> SubmitResult:
    body = DecisionIn.model_validate(
        {
            "approval_id": values.id,
            "verb": values.saying.value,
            "expected_version": values.version,
            "comment": values.text,
        }
    )
    approval = await ctx.api.approvals.decide(body, key=key)
    text = "forms.ask.sent" if values.saying is ReasonKind.ask else "forms.rejected.sent"
    return _card(ctx, text, title=approval.title, person=approval.requested_by_name)


async def _about_rfq(ctx: Context, values: ReasonValues, key: str) -> SubmitResult:
    """Call it off, ask about it, or answer a question to all."""
    if values.saying is ReasonKind.cancel_rfq:
        body = CancelRfqIn(reason=values.text, expected_version=values.version)
        await ctx.api.amendments.cancel(values.id, body, key=key)
    elif values.other is not None:
        await ctx.api.amendments.answer(values.id, values.other, values.text, key=key)
    else:
        await ctx.api.amendments.ask(values.id, values.text, key=key)
    return _card(ctx, f"forms.{values.saying.value}.sent", number=values.about.partition(":")[0])


async def _propose(ctx: Context, values: ReasonValues, key: str) -> SubmitResult:
    body = ProposeIn.model_validate(
        {"quote_id": values.other, "reason": values.text, "expected_version": values.version}
    )
    rfq = await ctx.api.awards.propose(values.id, body, key=key)
    return _card(ctx, "forms.propose.sent", number=rfq.number)


def _card(ctx: Context, key: str, **facts: object) -> SubmitResult:
    text = ctx.translate(key, **facts)
    return Card(text), text, None
