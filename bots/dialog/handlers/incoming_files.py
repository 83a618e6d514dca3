"""Files without a command, and files for a request or an RFQ.

    an open form that takes files      they are kept with it
    a vendor                           they belong to a quote
    words that read as a request       they go with it
    in reply to the officer's RFQ      they are offered to all of its vendors
    in reply to a request's card       they are offered to those who work on it

One rule: a file that was only sent is shown to nobody; a button does that.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from api.contract.actions import ActionVerb
from api.contract.quotes import DocumentOut
from api.contract.rfqs import RfqOut
from api.text import comma_separated
from bots.cards.drawing import CardKind, draw
from bots.cards.press import Op, Press
from bots.dialog import find, press_checks
from bots.dialog.context import Context
from bots.dialog.handlers import forms, quotes, requests
from bots.dialog.handlers.comments import PERMISSION, request_number_in
from bots.dialog.message import IncomingMessage
from bots.dialog.uploads import upload_files, with_quote_files
from bots.forms import correction, request_files
from bots.forms.engine import OpenForm
from bots.forms.quote_values import QuoteValues, with_more
from bots.forms.request_values import RequestValues

_ABOUT_RFQ = (Op.attach_files, Op.correct_rfq, Op.move_deadline, Op.close_rfq)


async def files_received(ctx: Context, message: IncomingMessage) -> None:
    """Keep them with what they belong to, or say that none was expected."""
    open_form = await ctx.open_form()
    if open_form is not None and _takes_files(open_form, message):
        files = await upload_files(ctx, message)
        if files:
            await _keep(ctx, open_form, files, message)
        return
    if ctx.is_vendor:
        await quotes.files_received(ctx, message)
        return
    rfq_id = _rfq_replied_to(message)
    rfq = await ctx.api.rfqs.show(rfq_id) if rfq_id is not None else None
    if rfq is not None and rfq.offers(ActionVerb.correct):
        files = await upload_files(ctx, message)
        if files:
            await _offer_to_vendors(ctx, rfq, files)
        return
    if await _offer_to_request(ctx, message, request_number_in(message.reply_to)):
        return
    if not await requests.draft_of_words(ctx, message):
        await ctx.responder.text(ctx.translate("forms.file_not_expected"))


def _takes_files(open_form: OpenForm, message: IncomingMessage) -> bool:
    """A new request takes them too, unless they are sent in reply to another one."""
    values = open_form.values
    replied = _rfq_replied_to(message) or request_number_in(message.reply_to)
    return bool(values.file_taken) and not (isinstance(values, RequestValues) and replied)


async def _keep(
    ctx: Context, open_form: OpenForm, files: Sequence[DocumentOut], message: IncomingMessage
) -> None:
    """Delivered twice it is kept once, and the card that was drawn first stays good; words above it are an answer."""
    values: Any = open_form.values
    together = with_more(values.files, files)
    filled = ""
    if len(together) > len(values.files):
        updated = values.model_copy(update={"files": together})
        if isinstance(updated, QuoteValues):
            updated, filled = await with_quote_files(ctx, updated, files)
        dumped = updated.model_dump(mode="json")
        kept = {name: dumped[name] for name in updated.kept_on_back}
        before = tuple(each | kept for each in open_form.previous_values)
        # an edit of the message before would begin a form without the file
        kept_form = replace(open_form, values=updated, previous_values=before, last_message_id="")
        open_form = await ctx.save_form(kept_form)
    if message.text.strip():
        await forms.answer_open_form(ctx, message)
        return
    taken = ctx.translate(values.file_taken, name=comma_separated((each.name for each in files), ctx.locale))
    await ctx.ask(open_form, error_text=filled or taken)


def _rfq_replied_to(message: IncomingMessage) -> UUID | None:
    """The RFQ on whose card, the officer's, this is a reply."""
    presses = message.reply_to.presses if message.reply_to is not None else ()
    return next((press.id for press in presses if press.op in _ABOUT_RFQ), None)


async def _offer_to_vendors(ctx: Context, rfq: RfqOut, files: Sequence[DocumentOut] = ()) -> None:
    own = await ctx.api.requests.files(rfq.request_id)
    await ctx.ask(await ctx.start_form("correction", correction.of_files(rfq, own, files)))


async def _offer_to_request(ctx: Context, message: IncomingMessage, number: str) -> bool:
    """False when there is no such request, or this person only reads."""
    request = await find.request(ctx, number) if number and PERMISSION in ctx.me.permissions else None
    if request is None:
        return False
    files = await upload_files(ctx, message)
    if files is not None:
        await ctx.ask(await ctx.start_form("files", request_files.initial_values(request, files)))
    return True


async def start_attaching(ctx: Context, press: Press) -> str:
    """Which files all vendors of an open RFQ get as well."""
    rfq = await ctx.api.rfqs.show(press.id)
    compared = await ctx.api.requests.compare(rfq.request_id)
    refusal_text = press_checks.refusal_text(ctx, press, draw(CardKind.comparison, compared, ctx.viewer))
    if not refusal_text:
        await _offer_to_vendors(ctx, rfq)
    return refusal_text


async def attach_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/attach REQ-104 or RFQ-31, over a file or alone."""
    if not message.number.upper().startswith("RFQ"):
        request = await find.request_or_reply(ctx, message)
        if request is not None and not await _offer_to_request(ctx, message, request.number):
            await ctx.responder.text(
                press_checks.log_refused_update("not_offered", ctx.translate("cards.not_offered"))
            )
        return
    rfq = await find.rfq_or_reply(ctx, message)
    if rfq is None:
        return
    if not rfq.offers(ActionVerb.correct):
        await ctx.responder.text(
            press_checks.log_refused_update("not_offered", ctx.translate("cards.not_offered"))
        )
        return
    files = await upload_files(ctx, message)
    if files is not None:
        await _offer_to_vendors(ctx, rfq, files)
