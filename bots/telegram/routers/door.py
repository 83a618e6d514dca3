"""The door, for those of whom nothing is known yet: unpacked, looked up in the table, answered."""

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bots.cards.press import Press
from bots.talk.tables import AT_THE_DOOR, DOOR_PRESSES
from bots.talk.turn import Guest
from bots.telegram.middleware import Guests
from bots.telegram.unpack import Pressed, said


async def command(message: Message, guest: Guest, bot: Bot) -> None:
    spoken = said(message, bot)
    await AT_THE_DOOR[spoken.command](guest, spoken)


async def press(query: CallbackQuery, claim: Press, guest: Guest) -> str:
    return await DOOR_PRESSES[claim.op](guest, claim)


def make_router(guests: Guests) -> Router:
    """A fresh router: aiogram lets one have one parent only."""
    router = Router(name="door")
    router.message.outer_middleware(guests)
    router.callback_query.outer_middleware(guests)
    router.message.register(command, Command(*AT_THE_DOOR), F.chat.type == "private")
    router.callback_query.register(press, Pressed(DOOR_PRESSES))
    return router
