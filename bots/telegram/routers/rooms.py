"""Everything for linked people: unpacked, looked up in the tables of ``bots.talk``, answered.

One rule: in private chats only, prices are not for groups.
"""

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bots.cards.press import Press
from bots.talk import tables
from bots.talk.turn import Turn
from bots.telegram.middleware import People
from bots.telegram.unpack import Pressed, said


async def command(message: Message, turn: Turn, bot: Bot) -> None:
    await tables.command(turn, said(message, bot))


async def dropped(message: Message, turn: Turn, bot: Bot) -> None:
    await tables.dropped(turn, said(message, bot))


async def words(message: Message, turn: Turn, bot: Bot) -> None:
    await tables.words(turn, said(message, bot))


async def press(query: CallbackQuery, claim: Press, turn: Turn) -> str:
    return await tables.press(turn, claim)


def make_router(people: People) -> Router:
    """A fresh router: aiogram lets one have one parent only."""
    router = Router(name="rooms")
    router.message.outer_middleware(people)
    router.callback_query.outer_middleware(people)
    router.message.filter(F.chat.type == "private")
    router.message.register(command, Command(*tables.COMMANDS))
    router.message.register(dropped, F.document | F.photo)
    router.message.register(command, F.text.startswith("/"))
    router.message.register(words, F.text)
    router.callback_query.register(press, Pressed(tables.PRESSES))
    return router
