"""Comments: /comment REQ-104 with text, and text in reply to a card or notice that names a request.

One rule: a reply becomes a comment only when its button is pressed.
"""

import re
from collections.abc import Sequence

from api.contract.comments import CommentOut
from api.contract.requests import RequestOut
from api.text import moment
from bots.cards.press import Op
from bots.dialog import find
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage, RepliedMessage
from bots.dialog.submit import submit_or_ask
from bots.forms.form import Rejected
from bots.forms.reason import PROMPTS, ReasonKind, ReasonValues

PERMISSION = "requests:comment"
MAX_COMMENTS = 10
MAX_MESSAGE_LENGTH = 2_700
"""Fits into one message on either platform."""
_NUMBER = re.compile(r"\bREQ-[0-9]{1,12}\b")


async def comment(ctx: Context, message: IncomingMessage) -> None:
    """/comment REQ-104 with text; without it the comments so far, and the question for one more."""
    request = await find.request_or_reply(ctx, message)
    if request is None:
        return
    if not message.text_after_number:
        await _show_comments(ctx, await ctx.api.requests.comments(request.id))
    await submit_or_ask(ctx, _reason_values(request), message.text_after_number)


async def _show_comments(ctx: Context, comments: Sequence[CommentOut]) -> None:
    """The newest ones, each whole; as few messages as hold them."""
    message = ""
    for comment in comments[-MAX_COMMENTS:]:
        at = moment(comment.made_at, ctx.locale, ctx.me.zone)
        text = ctx.translate("lists.comment", moment=at, person=comment.author_name, text=comment.text)
        if message and len(message) + len(text) > MAX_MESSAGE_LENGTH:
            await ctx.responder.text(message)
            message = ""
        message = f"{message}\n\n{text}".strip()
    if message:
        await ctx.responder.text(message)


async def offer_comment(ctx: Context, message: IncomingMessage) -> bool:
    """Text that could be a comment, with the button that makes it one; False when it is something else."""
    number = request_number_in(message.reply_to)
    if not number or PERMISSION not in ctx.me.permissions or await _is_giving_reason(ctx):
        return False
    request = await find.request(ctx, number)
    if request is None:
        return False
    text = PROMPTS[ReasonKind.comment].read(message.text, ctx.form_ctx)
    if isinstance(text, Rejected):
        await ctx.responder.text(text.text)
        return True
    await ctx.ask(await ctx.start_form("saying", _reason_values(request).model_copy(update={"text": text})))
    return True


def _reason_values(request: RequestOut) -> ReasonValues:
    return ReasonValues(saying=ReasonKind.comment, id=request.id, about=request.number)


def request_number_in(original: RepliedMessage | None) -> str:
    """The request in the first line of a message; a question that we ask is answered, not commented on."""
    if original is None or any(press.op is Op.form for press in original.presses):
        return ""
    found = _NUMBER.search(original.text.partition("\n")[0])
    return found[0] if found else ""


async def _is_giving_reason(ctx: Context) -> bool:
    """Whoever has pressed Reject and replies to the card is giving the reason."""
    open_form = await ctx.open_form()
    values = open_form.values if open_form is not None else None
    return isinstance(values, ReasonValues) and values.saying is not ReasonKind.comment
