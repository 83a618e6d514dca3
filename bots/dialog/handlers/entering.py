"""What an officer enters for a vendor that answered by mail or phone: a quote, or the confirmation of an order.

One rule: the review says who enters it and for whom, as everybody will read it.
"""

import re
from collections.abc import Sequence
from uuid import UUID

from api.contract.actions import ActionVerb
from api.contract.orders import OrderOut
from api.contract.quotes import DocumentOut
from api.contract.rfqs import RfqOut
from bots.cards.drawing import CardKind, draw
from bots.cards.press import Press, parse_short_id
from bots.dialog import find, press_checks
from bots.dialog.context import Context
from bots.dialog.handlers.order_changes import refused_press
from bots.dialog.message import IncomingMessage
from bots.dialog.uploads import upload_files
from bots.forms import confirmation, quote_message, quote_values
from bots.forms.form import Rejected
from bots.forms.quote_values import AttachedFile, QuoteValues
from bots.forms.vendor_choice import VendorChoiceValues, waiting_vendors

_NUMBERS = re.compile(r"\W*\d+\b")
"""A text that begins with a line or a price, as "1: 1180" or "€ 1180" does; "3M 1: 1180" begins with a name."""
_LINES = re.compile(r"\b\d+\s*:")
"""Where the lines begin after a name: "Vendorr 1: 1180"."""


async def start_quote(ctx: Context, press: Press) -> str:
    """For which vendor, then the quote as the vendor itself would give it."""
    rfq = await ctx.api.rfqs.show(press.id)
    if press.arg:
        return await _again(ctx, press, rfq)
    compared = await ctx.api.requests.compare(rfq.request_id)
    card = draw(CardKind.comparison, compared, ctx.viewer)
    return press_checks.refusal_text(ctx, press, card) or await _choose_vendor(ctx, rfq)


async def _again(ctx: Context, press: Press, rfq: RfqOut) -> str:
    """The button under what was just entered: the same vendor's quote once more."""
    vendor_id = parse_short_id(press.arg)
    known = vendor_id is not None and any(each.vendor_id == vendor_id for each in rfq.invitations)
    if vendor_id is None or not known or not rfq.offers(ActionVerb.enter_quote):
        return press_checks.log_refused_press(press, "not_offered", ctx.translate("cards.not_offered"))
    await open_quote(ctx, rfq, vendor_id, "")
    return ""


async def enter_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/enter RFQ-31 Alder 1: 1180 10d, or /enter PO-77; with the mail as a file."""
    text = await (
        _enter_order(ctx, message) if message.number.upper().startswith("PO") else _enter_quote(ctx, message)
    )
    if text:
        await ctx.responder.text(text)


async def _enter_quote(ctx: Context, message: IncomingMessage) -> str:
    rfq = await find.rfq_or_reply(ctx, message)
    if rfq is None:
        return ""
    if not rfq.offers(ActionVerb.enter_quote):
        return press_checks.log_refused_update("not_offered", ctx.translate("cards.not_offered"))
    files = await upload_files(ctx, message)
    if files is None:
        return ""
    typed = message.text_after_number
    named = [each for each in rfq.invitations if _is_named(each.vendor_name, typed)]
    if not named:
        return await _choose_vendor(ctx, rfq, typed, files)
    vendor = max(named, key=lambda each: len(each.vendor_name))
    rest = typed[len(vendor.vendor_name) :].strip(" :,-–")
    await open_quote(ctx, rfq, vendor.vendor_id, rest, files)
    return ""


def _is_named(vendor_name: str, typed: str) -> bool:
    """Whether the text begins with the whole name and not with a longer one."""
    return re.match(rf"{re.escape(vendor_name)}(?!\w)", typed, re.IGNORECASE) is not None


async def open_quote(
    ctx: Context, rfq: RfqOut, vendor_id: UUID, text: str, files: Sequence[DocumentOut] = ()
) -> None:
    """The form of this vendor's quote with what was typed; a vendor that has quoted itself is refused at once."""
    await ctx.api.quotes.check_entry(rfq.id, vendor_id)
    values, error = with_text(ctx, quote_for(ctx, rfq, vendor_id, files), text)
    await ctx.ask(await ctx.start_form("quote", values), error_text=error)


async def _choose_vendor(ctx: Context, rfq: RfqOut, text: str = "", files: Sequence[DocumentOut] = ()) -> str:
    """Ask for which vendor; where one alone has not answered it is that one, unless another name was typed."""
    waiting = waiting_vendors(rfq)
    if not waiting:
        return ctx.translate("forms.enter.nobody", number=rfq.number)
    if len(waiting) == 1 and (not text or _NUMBERS.match(text)):
        await open_quote(ctx, rfq, waiting[0].id, text, files)
        return ""
    held = [AttachedFile.of(each) for each in files]
    numbers = _LINES.search(text)
    text = text[numbers.start() :] if numbers else text
    choice = VendorChoiceValues(rfq_id=rfq.id, number=rfq.number, vendors=waiting, text=text, files=held)
    await ctx.ask(await ctx.start_form("enter_for", choice))
    return ""


def quote_for(ctx: Context, rfq: RfqOut, vendor_id: UUID, files: Sequence[DocumentOut] = ()) -> QuoteValues:
    """The form of a quote that this person enters for a vendor."""
    vendor = next(each.vendor_name for each in rfq.invitations if each.vendor_id == vendor_id)
    values = quote_values.initial_values(rfq, [AttachedFile.of(each) for each in files])
    return values.model_copy(update={"vendor_id": vendor_id, "vendor": vendor, "person": ctx.me.name})


def with_text(ctx: Context, values: QuoteValues, text: str) -> tuple[QuoteValues, str]:
    """The form with what was typed, or why it could not be read."""
    read = quote_message.with_text(values, text, ctx.form_ctx) if text else values
    return (values, read.text) if isinstance(read, Rejected) else (read, "")


async def start_confirmation(ctx: Context, press: Press) -> str:
    """What the vendor said, and the document that shows it."""
    order = await ctx.api.orders.show(press.id)
    return refused_press(ctx, press, order) or await _confirm(ctx, order)


async def _enter_order(ctx: Context, message: IncomingMessage) -> str:
    order = await find.order_or_reply(ctx, message)
    if order is None:
        return ""
    if not order.offers(ActionVerb.acknowledge_for):
        return press_checks.log_refused_update("not_offered", ctx.translate("cards.not_offered"))
    files = await upload_files(ctx, message)
    return "" if files is None else await _confirm(ctx, order, files)


async def _confirm(ctx: Context, order: OrderOut, files: Sequence[DocumentOut] = ()) -> str:
    held = [AttachedFile.of(each) for each in files]
    values = confirmation.initial_values(order, ctx.me.name).model_copy(update={"files": held})
    await ctx.ask(await ctx.start_form("confirmation", values))
    return ""
