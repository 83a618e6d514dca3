"""Questions about an RFQ: a vendor asks, the officer answers to all; and a quote is confirmed after a correction."""

from api.contract.actions import ActionVerb
from api.contract.amendments import ConfirmIn
from api.contract.clarifications import RfqQuestionOut
from api.contract.rfqs import RfqOut
from bots.cards.drawing import CardKind, draw
from bots.cards.press import Press, parse_short_id
from bots.dialog import find, press_checks
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage
from bots.dialog.submit import submit_or_ask
from bots.forms.reason import ReasonKind, ReasonValues


async def start_question(ctx: Context, press: Press) -> str:
    """What the vendor wants to know."""
    if not ctx.is_vendor:
        return press_checks.log_refused_press(press, "no_vendor", ctx.translate("forms.only_vendors"))
    rfq = await ctx.api.rfqs.show(press.id)
    refusal_text = press_checks.refusal_text(ctx, press, draw(CardKind.vendor_rfq, rfq, ctx.viewer))
    if not refusal_text:
        await ctx.ask(await ctx.start_form("saying", _asking(rfq)))
    return refusal_text


async def ask_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/question RFQ-31 which keyboard?"""
    if not ctx.is_vendor:
        await ctx.responder.text(ctx.translate("forms.only_vendors"))
        return
    rfq = await find.rfq_or_reply(ctx, message)
    if rfq is not None:
        await submit_or_ask(ctx, _asking(rfq), message.text_after_number)


async def start_answer(ctx: Context, press: Press) -> str:
    """The answer that every vendor reads."""
    rfq = await ctx.api.rfqs.show(press.id)
    compared = await ctx.api.requests.compare(rfq.request_id)
    refusal_text = press_checks.refusal_text(ctx, press, draw(CardKind.comparison, compared, ctx.viewer))
    if refusal_text:
        return refusal_text
    question_id = parse_short_id(press.arg)
    question = next(each for each in rfq.questions if each.id == question_id)
    await ctx.ask(await ctx.start_form("saying", _answering(rfq, question)))
    return ""


async def answer_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/clarify RFQ-31 German: the oldest question that waits."""
    rfq = await find.rfq_or_reply(ctx, message)
    if rfq is None:
        return
    waiting = [each for each in rfq.questions if each.offers(ActionVerb.answer_question)]
    if not waiting:
        await ctx.responder.text(ctx.translate("forms.rfq_answer.none", number=rfq.number))
        return
    await submit_or_ask(ctx, _answering(rfq, waiting[0]), message.text_after_number)


async def confirm(ctx: Context, press: Press) -> str:
    """The prices hold for the corrected RFQ too."""
    body = ConfirmIn(expected_version=press.version)
    quote = await ctx.api.amendments.confirm(press.id, body, key=ctx.press_key(press))
    return ctx.translate("cards.quote_confirmed", number=quote.number, rfq=quote.rfq_number)


async def confirm_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/confirm RFQ-31"""
    rfq = await find.rfq_or_reply(ctx, message)
    if rfq is None:
        return
    quote = rfq.my_quote
    if quote is None:
        await ctx.responder.text(ctx.translate("forms.typed.no_quote", number=rfq.number))
        return
    body = ConfirmIn(expected_version=quote.version)
    confirmed = await ctx.api.amendments.confirm(quote.id, body, key=ctx.command_key("confirm"))
    facts = {"number": confirmed.number, "rfq": confirmed.rfq_number}
    await ctx.responder.text(ctx.translate("cards.quote_confirmed", **facts))


def _asking(rfq: RfqOut) -> ReasonValues:
    return ReasonValues(saying=ReasonKind.rfq_question, id=rfq.id, version=rfq.version, about=rfq.number)


def _answering(rfq: RfqOut, question: RfqQuestionOut) -> ReasonValues:
    return ReasonValues(
        saying=ReasonKind.rfq_answer,
        id=rfq.id,
        version=rfq.version,
        other=question.id,
        about=f"{rfq.number}: {question.text}"[:300],
    )
