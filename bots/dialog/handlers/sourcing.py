"""The officer's side of an RFQ: ask vendors, compare, propose, split, close."""

from uuid import UUID

from api.contract.actions import ActionVerb
from api.contract.awards import CloseIn, ComparedQuote, ComparisonOut
from api.contract.recommendations import BoughtBeforeIn
from api.contract.requests import RequestOut
from bots.cards import comparison, phrases
from bots.cards.drawing import CardKind, draw
from bots.cards.press import Press, parse_short_id
from bots.dialog import find, press_checks, which_one
from bots.dialog.bought_search import MOST_ITEMS
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage
from bots.dialog.origin import CardRef
from bots.dialog.submit import submit_or_ask
from bots.forms import rfq as rfq_form
from bots.forms import split as split_form
from bots.forms import split_values
from bots.forms.reason import ReasonKind, ReasonValues


async def ask_vendors(ctx: Context, press: Press) -> str:
    """Which vendors, until when."""
    request = await ctx.api.requests.show(press.id)
    refusal_text = press_checks.refusal_text(ctx, press, draw(CardKind.officer_request, request, ctx.viewer))
    return refusal_text or await choose_vendors(ctx, request)


async def ask_vendors_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/rfq REQ-104"""
    request = await find.request_or_reply(ctx, message)
    if request is None:
        return
    if not request.offers(ActionVerb.ask_vendors):
        await _reply(ctx, press_checks.log_refused_update("not_offered", _not_to_be_asked(ctx, request)))
        return
    await _reply(ctx, await choose_vendors(ctx, request))


def _not_to_be_asked(ctx: Context, request: RequestOut) -> str:
    """Where the request is instead."""
    state = phrases.state("request", request.state.value, ctx.locale)
    return f"{phrases.title(request.number, state, ctx.locale)}\n{ctx.translate('cards.not_offered')}"


async def choose_vendors(ctx: Context, request: RequestOut) -> str:
    vendors = await ctx.api.requests.suggested_vendors(request.id)
    if not vendors.items:
        return ctx.translate("forms.rfq.nobody")
    files = await ctx.api.requests.files(request.id)
    items = tuple(dict.fromkeys(line.description for line in request.lines))[:MOST_ITEMS]
    bought = await ctx.api.requests.bought_before(BoughtBeforeIn(items=items, request_id=request.id))
    values = rfq_form.initial_values(request, vendors.items, files, bought.items)
    await ctx.ask(await ctx.start_form("rfq", values))
    return ""


async def open_comparison(ctx: Context, press: Press) -> str:
    """All quotes side by side, as a card that stays current."""
    return await show_comparison(ctx, press.id)


async def compare_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/compare REQ-104 or RFQ-31; with "text" as a list."""
    request_id = await find.purchase(ctx, message.number)
    if request_id is None:
        await which_one.reply_not_found(ctx, message, "REQ-104")
        return
    label = ctx.translate("buttons.view_as_text").casefold()
    as_text = message.text_after_number.casefold() in ("text", label)
    show = show_comparison_as_text if as_text else show_comparison
    await _reply(ctx, await show(ctx, request_id))


async def show_comparison(ctx: Context, request_id: UUID) -> str:
    comparison_out = await ctx.api.requests.compare(request_id)
    if comparison_out.rfq_id is None:
        return ctx.translate("cards.nothing_to_compare")
    card_ref = CardRef(CardKind.comparison, "rfq", comparison_out.rfq_id, comparison_out.rfq_version or 1)
    await ctx.show(draw(CardKind.comparison, comparison_out, ctx.viewer), card_ref)
    return ""


async def open_comparison_as_text(ctx: Context, press: Press) -> str:
    """The comparison as a list, for narrow screens and screen readers."""
    return await show_comparison_as_text(ctx, press.id)


async def show_comparison_as_text(ctx: Context, request_id: UUID) -> str:
    comparison_out = await ctx.api.requests.compare(request_id)
    if comparison_out.rfq_id is None:
        return ctx.translate("cards.nothing_to_compare")
    await ctx.show(comparison.as_text(comparison_out, ctx.viewer))
    return ""


async def start_proposal(ctx: Context, press: Press) -> str:
    """Why this quote; with the reason it goes to approval."""
    quote_id = parse_short_id(press.arg)
    rfq = await ctx.api.rfqs.show(press.id)
    comparison_out = await ctx.api.requests.compare(rfq.request_id)
    refusal_text = press_checks.refusal_text(
        ctx, press, draw(CardKind.comparison, comparison_out, ctx.viewer)
    )
    if refusal_text:
        return refusal_text
    values = ReasonValues(
        saying=ReasonKind.propose, id=press.id, version=press.version, other=quote_id, about=rfq.number
    )
    await ctx.ask(await ctx.start_form("saying", values))
    return ""


async def start_split(ctx: Context, press: Press) -> str:
    """Which vendor gets which line; with a reason it goes to approval."""
    rfq = await ctx.api.rfqs.show(press.id)
    compared = await ctx.api.requests.compare(rfq.request_id)
    refusal_text = press_checks.refusal_text(ctx, press, draw(CardKind.comparison, compared, ctx.viewer))
    return refusal_text or await _ask_how_to_split(ctx, compared)


async def split_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/split RFQ-31"""
    rfq = await find.rfq_or_reply(ctx, message)
    if rfq is not None:
        await _reply(ctx, await _ask_how_to_split(ctx, await ctx.api.requests.compare(rfq.request_id)))


async def _ask_how_to_split(ctx: Context, compared: ComparisonOut) -> str:
    if not compared.offers(ActionVerb.split_award):
        return ctx.translate("forms.split.not_now", number=compared.rfq_number or compared.request_number)
    if len(compared.lines) > split_form.MAX_LINES:
        facts = {"number": compared.rfq_number or "", "n": str(len(compared.lines))}
        return ctx.translate("forms.split.too_many", **facts, limit=str(split_form.MAX_LINES))
    await ctx.ask(await ctx.start_form("split", split_values.initial_values(compared)))
    return ""


async def propose_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/propose RFQ-31 Vendor A: delivers sooner"""
    rfq = await find.rfq_or_reply(ctx, message)
    if rfq is None:
        return
    compared = await ctx.api.requests.compare(rfq.request_id)
    quote = _named_quote(compared.quotes, message.text_after_number)
    if quote is None:
        await _reply(ctx, await show_comparison(ctx, rfq.request_id))
        return
    values = ReasonValues(
        saying=ReasonKind.propose, id=rfq.id, version=rfq.version, other=quote.quote_id, about=rfq.number
    )
    await submit_or_ask(ctx, values, message.text_after_number[len(quote.vendor_name) :].strip(" :,-–"))


async def close_rfq(ctx: Context, press: Press) -> str:
    """No more quotes from now on."""
    body = CloseIn(expected_version=press.version)
    rfq = await ctx.api.awards.close(press.id, body, key=ctx.press_key(press))
    return ctx.translate("cards.rfq_now_closed", number=rfq.number)


async def close_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/close RFQ-31"""
    rfq = await find.rfq_or_reply(ctx, message)
    if rfq is not None:
        body = CloseIn(expected_version=rfq.version)
        closed = await ctx.api.awards.close(rfq.id, body, key=ctx.command_key("close"))
        await ctx.responder.text(ctx.translate("cards.rfq_now_closed", number=closed.number))


def _named_quote(quotes: tuple[ComparedQuote, ...], text: str) -> ComparedQuote | None:
    """The quote of the vendor with whose name the text begins; the longest name wins."""
    wanted = text.casefold()
    matches = [quote for quote in quotes if wanted.startswith(quote.vendor_name.casefold())]
    return max(matches, key=lambda quote: len(quote.vendor_name), default=None)


async def _reply(ctx: Context, text: str) -> None:
    if text:
        await ctx.responder.text(text)
