"""Requests: making one with /request, with a line or alone; correcting, withdrawing, cancelling and copying it.

One rule: nothing is posted before Submit; the draft card names every field that was understood.
"""

from api.contract.actions import ActionVerb
from api.contract.requests import CopyOut, RequestOut, TakeBackIn
from api.language import MAX_TEXT_LENGTH
from bots.cards.drawing import CardKind, draw
from bots.cards.press import Op, Press
from bots.dialog import find, press_checks
from bots.dialog.bought_search import with_bought
from bots.dialog.colleague_search import named_in
from bots.dialog.context import Context
from bots.dialog.handlers import quotes
from bots.dialog.message import IncomingMessage
from bots.dialog.request_card import request_card
from bots.dialog.submit import submit_or_ask
from bots.dialog.uploads import upload_files
from bots.forms import drop
from bots.forms.plain_request import reads_as_request
from bots.forms.quote_values import AttachedFile
from bots.forms.reason import ReasonKind, ReasonValues
from bots.forms.request import initial_values
from bots.forms.request_values import LineValues, RequestValues

PERMISSION = "requests:create"
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
    if len(message.args) > MAX_TEXT_LENGTH:
        facts = {"length": len(message.args), "limit": MAX_TEXT_LENGTH}
        await ctx.responder.text(ctx.translate("errors.fields.too_long", **facts))
        return
    await _start_with(ctx, message, message.args)


async def draft_of_words(ctx: Context, message: IncomingMessage) -> bool:
    """Plain words that read as a request become its draft; False when they are something else."""
    text = message.text
    may_ask = not ctx.is_vendor and PERMISSION in ctx.me.permissions
    if not may_ask or len(text) > MAX_TEXT_LENGTH or not reads_as_request(text, ctx.form_ctx):
        return False
    await _start_with(ctx, message, text)
    return True


async def _start_with(ctx: Context, message: IncomingMessage, text: str) -> None:
    """The draft of what was written, with the files above it."""
    files = await upload_files(ctx, message)
    if files is None:
        return
    colleagues = await named_in(ctx, text) if text else []
    values = initial_values(text, ctx.form_ctx, colleagues)
    kept = {"files": [AttachedFile.of(each) for each in files]}
    await _start(ctx, values.model_copy(update=kept))


async def start_correction(ctx: Context, press: Press) -> str:
    """A submitted request becomes a draft again, and a draft opens in its form."""
    request = await ctx.api.requests.show(press.id)
    if not request.offers(ActionVerb.edit):
        refusal_text = press_checks.refusal_text(ctx, press, draw(CardKind.request, request, ctx.viewer))
        if refusal_text:
            return refusal_text
        request = await _taken_back(ctx, request, ctx.press_key(press))
    await _start(ctx, _draft(request))
    return ""


async def edit_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/edit REQ-104, until vendors are asked."""
    if ctx.is_vendor:
        await ctx.responder.text(ctx.translate("forms.not_for_vendors"))
        return
    request = await find.request_or_reply(ctx, message)
    if request is None:
        return
    if not request.offers(ActionVerb.edit):
        if not request.offers(ActionVerb.take_back):
            text = ctx.translate("forms.request.not_to_correct", number=request.number)
            await ctx.responder.text(press_checks.log_refused_update("not_now", text))
            return
        request = await _taken_back(ctx, request, ctx.command_key("take_back"))
    await _start(ctx, _draft(request))


async def _taken_back(ctx: Context, request: RequestOut, key: str) -> RequestOut:
    body = TakeBackIn(expected_version=request.version)
    return await ctx.api.requests.take_back(request.id, body, key=key)


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
        await _start(ctx, _copied(copied))


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


async def _start(ctx: Context, values: RequestValues) -> None:
    await ctx.ask(await ctx.start_form("request", await with_bought(ctx, values)))


def _draft(request: RequestOut) -> RequestValues:
    """Everything as it is, to be corrected and submitted."""
    draft = {"request_id": request.id, "number": request.number, "version": request.version}
    return _copied(request).model_copy(update={**draft, "needed_by": request.needed_by})


def _copied(request: CopyOut | RequestOut) -> RequestValues:
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
