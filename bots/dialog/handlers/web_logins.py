"""Somebody in front of a browser says that they are this person: which number does the browser show?

One rule: the API says whether it was right; one answer, right or wrong, is all there is.
"""

from uuid import UUID

from api.contract import endpoints as e
from api.contract.people import WebLoginAnswerIn
from bots.cards.card import Card
from bots.cards.press import Press
from bots.cards.web_login import NOT_ME, for_person
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage


async def login_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/login 47 answers; alone it asks once more."""
    question = await ctx.api.call(e.my_web_login, None)
    if not message.args.strip():
        await ctx.show(for_person(question, ctx.viewer))
        return
    await ctx.responder.text(await _answer(ctx, question.id, message.args.strip(), ctx.command_key("login")))


async def answer(ctx: Context, press: Press) -> str:
    """A number, or that it is somebody else; the card then says what came of it."""
    outcome = await _answer(ctx, press.id, press.arg, ctx.press_key(press))
    if ctx.origin.message_id:
        await ctx.responder.edit(ctx.origin.message_id, Card(outcome))
    return outcome


async def _answer(ctx: Context, match_id: UUID, told: str, key: str) -> str:
    number = int(told) if told.isascii() and told.isdecimal() and 10 <= int(told[:3]) <= 99 else None
    body = WebLoginAnswerIn(number=number)
    answered = await ctx.api.call(e.answer_web_login, body, key=key, path={"id": match_id})
    if answered.state == "matched":
        return ctx.translate("web_login.matched")
    return ctx.translate("web_login.refused" if told == NOT_ME else "web_login.wrong")
