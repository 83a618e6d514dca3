"""Requests: making one with /request, with a line or alone; withdrawing, cancelling and copying it.

One rule: nothing is posted before Submit; the draft card names every field that was understood.
"""

from api.contract.actions import ActionVerb
from api.contract.requests import CopyOut
from bots.cards.drawing import CardKind, draw
from bots.cards.press import Op, Press
from bots.dialog import find, press_checks
from bots.dialog.colleague_search import named_in
from bots.dialog.context import Context
from bots.dialog.handlers import quotes
from bots.dialog.message import IncomingMessage
from bots.dialog.request_card import request_card
from bots.dialog.submit import submit_or_ask
from bots.forms import drop
from bots.forms.reason import ReasonKind, ReasonValues
from bots.forms.request import initial_values
from bots.forms.request_values import LineValues, RequestValues

ENDINGS = {
    Op.withdraw_request: ReasonKind.withdraw_request,
    Op.cancel_request: ReasonKind.cancel_request,
    Op.reject_unapproved: ReasonKind.reject_unapproved,
}
"""What ends a request, by the button."""


async def request(ctx: Context, message: IncomingMessage) -> None:
    """A line becomes a draft; alone, the form asks question by question."""
    if ctx.is_vendor:
        await ctx.responder.text(ctx.translate("forms.not_for_vendors"))
        return
    colleagues = await named_in(ctx, message.args) if message.args else []
    values = initial_values(message.args, ctx.form_ctx, colleagues)
    await ctx.ask(await ctx.start_form("request", values))


async def start_withdrawal(ctx: Context, press: Press) -> str:
    """Ask why, then withdraw, cancel or reject."""
    shown = await ctx.api.requests.show(press.id)
    mine = press.op is Op.withdraw_request
    card = draw(CardKind.request if mine else CardKind.officer_request, shown, ctx.viewer)
    refusal_text = press_checks.refusal_text(ctx, press, card)
    if refusal_text:
        return refusal_text
    reason_kind = ENDINGS[press.op]
    values = ReasonValues(saying=reason_kind, id=press.id, version=press.version, about=shown.number)
    await ctx.ask(await ctx.start_form("saying", values))
    return ""


async def withdraw_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/withdraw REQ-104 by whoever asked; /withdraw RFQ-31 by a vendor takes the quote back."""
    if ctx.is_vendor:
        await quotes.withdraw_by_command(ctx, message)
        return
    await _end_by_command(ctx, message, ReasonKind.withdraw_request)


async def cancel_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/cancel_request REQ-104 we moved out"""
    await _end_by_command(ctx, message, ReasonKind.cancel_request)


async def copy_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/copy REQ-104: the same lines as a new draft; a day that is past is asked."""
    if ctx.is_vendor:
        await ctx.responder.text(ctx.translate("forms.not_for_vendors"))
        return
    request = await find.request_or_reply(ctx, message)
    if request is not None:
        copied = await ctx.api.requests.copied(request.id)
        await ctx.ask(await ctx.start_form("request", _copied(copied)))


async def start_dropping(ctx: Context, press: Press) -> str:
    """Ask which line goes."""
    shown = await ctx.api.requests.show(press.id)
    refusal_text = press_checks.refusal_text(ctx, press, draw(request_card(ctx, shown), shown, ctx.viewer))
    if not refusal_text:
        await ctx.ask(await ctx.start_form("drop", drop.initial_values(shown, ctx.locale)))
    return refusal_text


async def drop_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/drop REQ-104"""
    request = await find.request_or_reply(ctx, message)
    if request is None:
        return
    if request.offers(ActionVerb.drop_lines):
        await ctx.ask(await ctx.start_form("drop", drop.initial_values(request, ctx.locale)))
    else:
        key = "errors.requests.last_line" if len(request.lines) == 1 else "cards.not_offered"
        text = ctx.translate(key, number=request.number)
        await ctx.responder.text(press_checks.log_refused_update("not_offered", text))


async def _end_by_command(ctx: Context, message: IncomingMessage, reason_kind: ReasonKind) -> None:
    request = await find.request_or_reply(ctx, message)
    if request is not None:
        values = ReasonValues(
            saying=reason_kind, id=request.id, version=request.version, about=request.number
        )
        await submit_or_ask(ctx, values, message.text_after_number)


def _copied(request: CopyOut) -> RequestValues:
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
        lines=lines,
        currency=request.currency,
        needed_by=request.needed_by,
        cost_centre=request.cost_centre,
        note=request.note,
    )
