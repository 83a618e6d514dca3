"""Quotes that leave lines out: the officer asks one vendor for them, and a vendor completes its own."""

from uuid import UUID

from api.contract.actions import ActionVerb
from api.contract.awards import AskToCompleteIn, IncompleteQuoteOut
from api.contract.rfqs import RfqOut
from api.text import comma_separated
from bots.cards.drawing import CardKind, draw
from bots.cards.press import Press, parse_short_id
from bots.dialog import find, press_checks
from bots.dialog.context import Context
from bots.dialog.handlers import quotes
from bots.dialog.message import IncomingMessage


async def ask(ctx: Context, press: Press) -> str:
    """Ask this vendor, and no other, for the lines without a price."""
    rfq = await ctx.api.rfqs.show(press.id)
    compared = await ctx.api.requests.compare(rfq.request_id)
    refusal_text = press_checks.refusal_text(ctx, press, draw(CardKind.comparison, compared, ctx.viewer))
    if refusal_text:
        return refusal_text
    quote_id = parse_short_id(press.arg)
    quote = next(each for each in compared.incomplete if each.quote_id == quote_id)
    return await _ask(ctx, rfq, quote, ctx.press_key(press))


async def complete_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/complete RFQ-31: a vendor's own quote; of an officer, with the vendor's name where several leave lines out."""
    if ctx.is_vendor:
        await quotes.quote(ctx, message)
        return
    rfq = await find.rfq_or_reply(ctx, message)
    if rfq is None:
        return
    compared = await ctx.api.requests.compare(rfq.request_id)
    wanted = message.text_after_number.casefold()
    found = [
        each
        for each in compared.incomplete
        if each.offers(ActionVerb.ask_to_complete) and wanted in each.vendor_name.casefold()
    ]
    match found:
        case []:
            text = ctx.translate("lists.nothing_left_out", number=rfq.number)
        case [quote]:
            text = await _ask(ctx, rfq, quote, ctx.command_key("complete"))
        case _:
            names = comma_separated((each.vendor_name for each in found), ctx.locale)
            text = ctx.translate("lists.which_vendor", names=names)
    await ctx.responder.text(text)


async def _ask(ctx: Context, rfq: RfqOut, quote: IncompleteQuoteOut, key: str) -> str:
    quote_id: UUID = quote.quote_id
    body = AskToCompleteIn(expected_version=rfq.version)
    await ctx.api.awards.ask_to_complete(rfq.id, quote_id, body, key=key)
    return ctx.translate("cards.now_asked_to_complete", vendor=quote.vendor_name, number=rfq.number)
