"""Asking for something: /request with a line or alone, and taking it back.

One rule: nothing is posted before Submit; the draft card names every field that was understood.
"""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bots.cards.press import Op, Press
from bots.forms.request import started
from bots.forms.saying import Saying, SayingValues
from bots.telegram.payloads import Pressed
from bots.telegram.turn import Turn


async def request(message: Message, command: CommandObject, turn: Turn) -> None:
    """A line becomes a draft; without words the form asks question by question."""
    if turn.is_vendor:
        await turn.voice.text(turn.say("forms.not_for_vendors"))
        return
    values = started(command.args or "", turn.asking)
    await turn.ask(await turn.begin("request", values))


async def take_back(query: CallbackQuery, claim: Press, turn: Turn) -> str:
    """Ask why, then withdraw or cancel."""
    shown = await turn.api.requests.show(claim.id)
    saying = Saying.withdraw_request if claim.op is Op.withdraw_request else Saying.cancel_request
    values = SayingValues(saying=saying, id=claim.id, version=claim.version, about=shown.number)
    await turn.ask(await turn.begin("saying", values))
    return ""


def make_router() -> Router:
    """A fresh router: aiogram lets one have one parent only."""
    router = Router(name="requests")
    router.message.register(request, Command("request"))
    router.callback_query.register(take_back, Pressed(Op.withdraw_request, Op.cancel_request))
    return router
