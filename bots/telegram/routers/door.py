"""The door, for those of whom nothing is known yet: unpacked, looked up in the table, answered."""

from aiogram import Bot, F, Router
from aiogram.enums import ChatMemberStatus
from aiogram.filters import Command
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bots.cards.press import Press
from bots.talk.rooms.door import heard
from bots.talk.tables import AT_THE_DOOR, DOOR_PRESSES
from bots.talk.turn import Guest
from bots.telegram.middleware import Guests
from bots.telegram.unpack import Pressed, said


async def command(message: Message, guest: Guest, bot: Bot) -> None:
    spoken = said(message, bot)
    await AT_THE_DOOR[spoken.command](guest, spoken)


async def press(query: CallbackQuery, claim: Press, guest: Guest) -> str:
    return await DOOR_PRESSES[claim.op](guest, claim)


async def membership(event: ChatMemberUpdated, guest: Guest) -> None:
    """Somebody blocked the bot in their private chat, or took that back."""
    await heard(guest, reachable=event.new_chat_member.status != ChatMemberStatus.KICKED)


def make_router(guests: Guests) -> Router:
    """A fresh router: aiogram lets one have one parent only."""
    router = Router(name="door")
    router.message.outer_middleware(guests)
    router.callback_query.outer_middleware(guests)
    router.my_chat_member.outer_middleware(guests)
    router.my_chat_member.register(membership, F.chat.type == "private")
    router.message.register(command, Command(*AT_THE_DOOR), F.chat.type == "private")
    router.callback_query.register(press, Pressed(DOOR_PRESSES), F.message.chat.type == "private")
    return router
