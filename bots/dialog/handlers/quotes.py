"""The vendor's side of an RFQ: quote line by line or at once, drop a file, decline, withdraw."""

from bots.cards.card import Card
from bots.cards.drawing import CardKind, draw
from bots.cards.press import Press
from bots.dialog import find, press_checks, rfq_matching
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage
from bots.dialog.submit import submit_or_ask
from bots.dialog.uploads import upload_files
from bots.forms.reason import ReasonKind, ReasonValues


async def start_quote(ctx: Context, press: Press) -> str:
    """The form of a quote, line by line."""
    if not ctx.is_vendor:
        return press_checks.log_refused_press(press, "no_vendor", ctx.translate("forms.only_vendors"))
    return await rfq_matching.start_quote(ctx, await ctx.api.rfqs.show(press.id))


async def start_decline(ctx: Context, press: Press) -> str:
    """Ask why, then decline."""
    if not ctx.is_vendor:
        return press_checks.log_refused_press(press, "no_vendor", ctx.translate("forms.only_vendors"))
    rfq = await ctx.api.rfqs.show(press.id)
    refusal_text = press_checks.refusal_text(ctx, press, draw(CardKind.vendor_rfq, rfq, ctx.viewer))
    if refusal_text:
        return refusal_text
    values = ReasonValues(saying=ReasonKind.no_bid, id=rfq.id, version=rfq.version, about=rfq.number)
    await ctx.ask(await ctx.start_form("saying", values))
    return ""


async def start_withdrawal(ctx: Context, press: Press) -> str:
    """Ask why, then take the quote back."""
    rfq = await find.rfq_of_quote(ctx, press.id)
    refusal_text = press_checks.refusal_text(
        ctx, press, draw(CardKind.vendor_rfq, rfq, ctx.viewer) if rfq else Card("")
    )
    if refusal_text:
        return refusal_text
    values = ReasonValues(saying=ReasonKind.withdraw_quote, id=press.id, version=press.version)
    await ctx.ask(await ctx.start_form("saying", values))
    return ""


async def withdraw_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/withdraw RFQ-31 a mistake: the vendor's own quote."""
    rfq = await find.rfq_or_reply(ctx, message)
    if rfq is None:
        return
    quote = rfq.my_quote
    if quote is None:
        await ctx.responder.text(ctx.translate("forms.typed.no_quote", number=rfq.number))
        return
    values = ReasonValues(
        saying=ReasonKind.withdraw_quote, id=quote.id, version=quote.version, about=quote.number
    )
    await submit_or_ask(ctx, values, message.text_after_number)


async def quote(ctx: Context, message: IncomingMessage) -> None:
    """/quote RFQ-31, with or without the whole quote behind it and a file above it."""
    if not ctx.is_vendor:
        await ctx.responder.text(ctx.translate("forms.only_vendors"))
        return
    files = await upload_files(ctx, message)
    if files is None:
        return
    if not message.number:
        await rfq_matching.assign_to_rfq(ctx, message, "", files)
        return
    rfq = await find.rfq_or_reply(ctx, message)
    if rfq is None:
        return
    text = await rfq_matching.start_quote(ctx, rfq, message.text_after_number, files)
    if text:
        await ctx.responder.text(text)


async def no_bid(ctx: Context, message: IncomingMessage) -> None:
    """/nobid RFQ-31, with or without the reason."""
    if not ctx.is_vendor:
        await ctx.responder.text(ctx.translate("forms.only_vendors"))
        return
    rfq = await find.rfq_or_reply(ctx, message)
    if rfq is None:
        return
    values = ReasonValues(saying=ReasonKind.no_bid, id=rfq.id, version=rfq.version, about=rfq.number)
    await submit_or_ask(ctx, values, message.text_after_number)


async def files_received(ctx: Context, message: IncomingMessage) -> None:
    """A vendor's file opens a quote."""
    files = await upload_files(ctx, message)
    if files:
        await rfq_matching.assign_to_rfq(ctx, message, message.text, files)
