"""Which RFQ a vendor's text or file belongs to: the card they reply to, else the only open one, else they choose.

One rule: it is never guessed; what was sent is stored with the form until it is clear.
"""

from collections.abc import Sequence
from uuid import UUID

from api.contract.actions import ActionVerb
from api.contract.quotes import DocumentOut
from api.contract.rfqs import RfqOut
from bots.cards.press import Op
from bots.dialog import press_checks
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage
from bots.dialog.uploads import with_quote_files
from bots.forms import quote_message, quote_values
from bots.forms.form import Rejected
from bots.forms.quote_values import AttachedFile, QuoteValues
from bots.forms.rfq_choice import RfqChoiceValues, RfqOption

MAX_RFQS = 20
_ABOUT_RFQ = (Op.quote, Op.no_bid)


async def open_rfqs(ctx: Context) -> tuple[RfqOut, ...]:
    """Those that this vendor can still answer."""
    found = (await ctx.api.rfqs.list(state="open", limit=MAX_RFQS)).items
    return tuple(rfq for rfq in found if rfq.offers(ActionVerb.quote))


def rfq_replied_to(message: IncomingMessage) -> UUID | None:
    """The RFQ on whose card this is a reply, by the ids in its buttons."""
    presses = message.reply_to.presses if message.reply_to is not None else ()
    return next((press.id for press in presses if press.op in _ABOUT_RFQ), None)


async def start_quote(ctx: Context, rfq: RfqOut, text: str = "", files: Sequence[DocumentOut] = ()) -> str:
    """Open the quote's form with what was sent already; the sentence to reply when it cannot be opened."""
    if not rfq.offers(ActionVerb.quote):
        return press_checks.log_refused_update(
            "rfq_closed", ctx.translate("errors.rfqs.closed", number=rfq.number)
        )
    values, told = await filled_quote(ctx, rfq, text, [AttachedFile.of(each) for each in files])
    await ctx.ask(await ctx.start_form("quote", values), error_text=told)
    return ""


async def filled_quote(
    ctx: Context, rfq: RfqOut, text: str, files: Sequence[AttachedFile]
) -> tuple[QuoteValues, str]:
    """A vendor's form with what was sent for it, and the sentences for what of that was read and what was not."""
    values = quote_values.initial_values(rfq, files)
    sent = values.offers
    error = ""
    if text:
        parsed = quote_message.with_text(values, text, ctx.form_ctx)
        if isinstance(parsed, Rejected):
            error = parsed.text
        else:
            values = parsed
    values, told = await with_quote_files(ctx, values, files, sent)
    return values, "\n".join(filter(None, (error, told)))


async def assign_to_rfq(
    ctx: Context, message: IncomingMessage, text: str, files: Sequence[DocumentOut] = ()
) -> None:
    """Find out which RFQ a vendor's text or files belong to, and open its form."""
    rfq_id = rfq_replied_to(message)
    if rfq_id is not None:
        await _send_text(ctx, await start_quote(ctx, await ctx.api.rfqs.show(rfq_id), text, files))
        return
    candidates = await open_rfqs(ctx)
    match len(candidates):
        case 0:
            await ctx.responder.text(ctx.translate("forms.quote.none_open"))
        case 1:
            await _send_text(ctx, await start_quote(ctx, candidates[0], text, files))
        case _:
            await ctx.ask(await ctx.start_form("which", _rfq_choice(candidates, text, files)))


def _rfq_choice(candidates: Sequence[RfqOut], text: str, files: Sequence[DocumentOut]) -> RfqChoiceValues:
    return RfqChoiceValues(
        options=[
            RfqOption(id=rfq.id, number=rfq.number, about=rfq.lines[0].description if rfq.lines else "")
            for rfq in candidates
        ],
        text=text,
        files=[AttachedFile.of(each) for each in files],
    )


async def _send_text(ctx: Context, text: str) -> None:
    if text:
        await ctx.responder.text(text)
