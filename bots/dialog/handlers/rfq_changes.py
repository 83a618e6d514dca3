"""The officer changes an RFQ after it was sent: its deadline, its vendors, its words; or calls it off."""

from uuid import UUID

from api.contract.actions import ActionVerb
from api.contract.rfqs import RfqOut
from bots.cards.drawing import CardKind, draw
from bots.cards.press import Press
from bots.dialog import find, press_checks
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage
from bots.dialog.submit import submit_or_ask
from bots.forms import correction
from bots.forms import rfq as rfq_form
from bots.forms.reason import ReasonKind, ReasonValues


async def start_deadline(ctx: Context, press: Press) -> str:
    """Until when instead."""
    rfq, refusal_text = await _pressed(ctx, press)
    if not refusal_text:
        await ctx.ask(await ctx.start_form("rfq", rfq_form.new_deadline(rfq)))
    return refusal_text


async def deadline_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/deadline RFQ-31"""
    rfq = await _offered(ctx, message, ActionVerb.move_deadline)
    if rfq is not None:
        await ctx.ask(await ctx.start_form("rfq", rfq_form.new_deadline(rfq)))


async def start_adding(ctx: Context, press: Press) -> str:
    """Whom to ask as well."""
    rfq, refusal_text = await _pressed(ctx, press)
    return refusal_text or await _choose_more(ctx, rfq)


async def add_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/add_vendors RFQ-31"""
    rfq = await _offered(ctx, message, ActionVerb.add_vendors)
    text = await _choose_more(ctx, rfq) if rfq is not None else ""
    if text:
        await ctx.responder.text(text)


async def start_correction(ctx: Context, press: Press) -> str:
    """What it says in other words."""
    rfq, refusal_text = await _pressed(ctx, press)
    if not refusal_text:
        await _ask_what(ctx, rfq)
    return refusal_text


async def correct_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/correct RFQ-31"""
    rfq = await _offered(ctx, message, ActionVerb.correct)
    if rfq is not None:
        await _ask_what(ctx, rfq)


async def _ask_what(ctx: Context, rfq: RfqOut) -> None:
    files = await ctx.api.requests.files(rfq.request_id)
    await ctx.ask(await ctx.start_form("correction", correction.initial_values(rfq, files)))


async def start_cancelling(ctx: Context, press: Press) -> str:
    """Why it is called off."""
    rfq, refusal_text = await _pressed(ctx, press)
    if not refusal_text:
        await ctx.ask(await ctx.start_form("saying", _cancelling(rfq)))
    return refusal_text


async def cancel_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/cancel_rfq RFQ-31 wrong model"""
    rfq = await _offered(ctx, message, ActionVerb.cancel)
    if rfq is not None:
        await submit_or_ask(ctx, _cancelling(rfq), message.text_after_number)


def _cancelling(rfq: RfqOut) -> ReasonValues:
    return ReasonValues(saying=ReasonKind.cancel_rfq, id=rfq.id, version=rfq.version, about=rfq.number)


async def _choose_more(ctx: Context, rfq: RfqOut) -> str:
    asked: set[UUID] = {each.vendor_id for each in rfq.invitations}
    suggested = await ctx.api.requests.suggested_vendors(rfq.request_id)
    vendors = tuple(each for each in suggested.items if each.id not in asked)
    if not vendors:
        return ctx.translate("forms.rfq.nobody")
    await ctx.ask(await ctx.start_form("rfq", rfq_form.more_vendors(rfq, vendors)))
    return ""


async def _pressed(ctx: Context, press: Press) -> tuple[RfqOut, str]:
    """The RFQ, and why its card has no such button."""
    rfq = await ctx.api.rfqs.show(press.id)
    compared = await ctx.api.requests.compare(rfq.request_id)
    card = draw(CardKind.comparison, compared, ctx.viewer)
    return rfq, press_checks.refusal_text(ctx, press, card)


async def _offered(ctx: Context, message: IncomingMessage, verb: ActionVerb) -> RfqOut | None:
    """The RFQ that a command names; None after telling the person that there is none, or that this is over."""
    rfq = await find.rfq_or_reply(ctx, message)
    if rfq is None or rfq.offers(verb):
        return rfq
    await ctx.responder.text(
        press_checks.log_refused_update("not_offered", ctx.translate("cards.not_offered"))
    )
    return None
