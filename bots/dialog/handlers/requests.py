"""Asking for something: /request with a line or alone, and taking it back.

One rule: nothing is posted before Submit; the draft card names every field that was understood.
"""

from bots.cards.drawing import CardKind, draw
from bots.cards.press import Op, Press
from bots.dialog import press_checks
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage
from bots.forms.reason import ReasonKind, ReasonValues
from bots.forms.request import initial_values


async def request(ctx: Context, message: IncomingMessage) -> None:
    """A line becomes a draft; without words the form asks question by question."""
    if ctx.is_vendor:
        await ctx.responder.text(ctx.translate("forms.not_for_vendors"))
        return
    values = initial_values(message.args, ctx.form_ctx)
    await ctx.ask(await ctx.start_form("request", values))


async def start_withdrawal(ctx: Context, press: Press) -> str:
    """Ask why, then withdraw or cancel."""
    shown = await ctx.api.requests.show(press.id)
    mine = press.op is Op.withdraw_request
    card = draw(CardKind.request if mine else CardKind.officer_request, shown, ctx.viewer)
    refusal_text = press_checks.refusal_text(ctx, press, card)
    if refusal_text:
        return refusal_text
    reason_kind = ReasonKind.withdraw_request if mine else ReasonKind.cancel_request
    values = ReasonValues(saying=reason_kind, id=press.id, version=press.version, about=shown.number)
    await ctx.ask(await ctx.start_form("saying", values))
    return ""
