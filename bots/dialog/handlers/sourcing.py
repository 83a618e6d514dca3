"""The officer's side of an RFQ: ask vendors, compare, propose, close."""

from uuid import UUID

from api.contract.awards import CloseIn
from api.contract.requests import RequestOut
from bots.cards import comparison
from bots.cards.drawing import CardKind, draw
from bots.cards.press import Press, parse_short_id
from bots.dialog import press_checks
from bots.dialog.context import Context
from bots.dialog.origin import CardRef
from bots.forms import rfq as rfq_form
from bots.forms.reason import ReasonKind, ReasonValues


async def ask_vendors(ctx: Context, press: Press) -> str:
    """Which vendors, until when."""
    request = await ctx.api.requests.show(press.id)
    refusal_text = press_checks.refusal_text(ctx, press, draw(CardKind.officer_request, request, ctx.viewer))
    return refusal_text or await choose_vendors(ctx, request)


async def choose_vendors(ctx: Context, request: RequestOut) -> str:
    vendors = await ctx.api.requests.suggested_vendors(request.id)
    if not vendors.items:
        return ctx.translate("forms.rfq.nobody")
    await ctx.ask(await ctx.start_form("rfq", rfq_form.initial_values(request, vendors.items)))
    return ""


async def open_comparison(ctx: Context, press: Press) -> str:
    """All quotes side by side, as a card that stays current."""
    return await show_comparison(ctx, press.id)


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


async def close_rfq(ctx: Context, press: Press) -> str:
    """No more quotes from now on."""
    body = CloseIn(expected_version=press.version)
    rfq = await ctx.api.awards.close(press.id, body, key=ctx.press_key(press))
    return ctx.translate("cards.rfq_now_closed", number=rfq.number)
