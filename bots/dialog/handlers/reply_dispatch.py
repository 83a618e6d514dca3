"""Replies to a card or to a question: they belong to what they reply to, even while a form is open."""

from bots.dialog import rfq_matching
from bots.dialog.context import Context
from bots.dialog.handlers import comments, verdicts
from bots.dialog.handlers.approvals import answer_by_reply
from bots.dialog.message import IncomingMessage
from bots.forms.quote_values import QuoteValues


async def dispatch_reply(ctx: Context, message: IncomingMessage) -> bool:
    """A vendor's reply to an RFQ card is a quote, a requester's to a question its answer, an approver's a verdict;
    anything else may become a comment.

    False when it is a reply to something else.
    """
    if message.reply_to is None:
        return False
    if not ctx.is_vendor:
        return (
            await verdicts.handle_reply(ctx, message)
            or await answer_by_reply(ctx, message)
            or await comments.offer_comment(ctx, message)
        )
    rfq_id = rfq_matching.rfq_replied_to(message)
    open_form = await ctx.open_form() if rfq_id else None
    is_open_quote = (
        open_form and isinstance(open_form.values, QuoteValues) and open_form.values.rfq_id == rfq_id
    )
    if rfq_id is None or is_open_quote:
        return False
    await rfq_matching.assign_to_rfq(ctx, message, message.text)
    return True
