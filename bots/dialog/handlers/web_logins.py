"""Somebody in front of a browser says that they are this person: which number does the browser show?

One rule: the API says whether it was right; one answer, right or wrong, is all there is.
"""

from uuid import UUID

from api.contract import endpoints as e
from api.contract.people import WebLoginAnswerIn, WebLoginQuestionOut
from bots.cards.card import Card
from bots.cards.press import Press
from bots.cards.web_login import NOT_ME, for_person
from bots.client.errors import ApiConflict
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage
from bots.dialog.press_checks import log_refused_press


async def login_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/login 47 answers the one question that offers 47; anything else asks once more."""
    number = _number(message.args)
    if number is None or (question := await _question_offering(ctx, number)) is None:
        await ctx.show(for_person(await ctx.api.call(e.my_web_login, None), ctx.viewer))
        return
    await ctx.responder.text(await _answer(ctx, question.id, number, ctx.command_key("login")))


async def answer(ctx: Context, press: Press) -> str:
    """A number, or that it is somebody else; the card then says what came of it."""
    number = _number(press.arg)
    if number is None and press.arg != NOT_ME:
        return log_refused_press(press, "not_offered", ctx.translate("cards.not_offered"))
    outcome = await _answer(ctx, press.id, number, ctx.press_key(press))
    if ctx.origin.message_id:
        await ctx.responder.edit(ctx.origin.message_id, Card(outcome))
    return outcome


def _number(typed: str) -> int | None:
    """Two digits of any script, from 10 to 99."""
    told = typed.strip()
    number = int(told) if len(told) == 2 and told.isdecimal() else 0
    return number if number >= 10 else None


async def _question_offering(ctx: Context, number: int) -> WebLoginQuestionOut | None:
    """None where no browser's question, or more than one, offers this number."""
    try:
        return await ctx.api.call(e.my_web_login, None, query={"number": str(number)})
    except ApiConflict:
        return None


async def _answer(ctx: Context, match_id: UUID, number: int | None, key: str) -> str:
    body = WebLoginAnswerIn(number=number)
    answered = await ctx.api.call(e.answer_web_login, body, key=key, path={"id": match_id})
    if answered.state == "matched":
        return ctx.translate("web_login.matched")
    return ctx.translate("web_login.refused" if number is None else "web_login.wrong")
