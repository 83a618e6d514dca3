"""Groups: commands and presses there, a group that becomes another, and our bot being taken out or in.

One rule: whatever comes from a group ends here; what people say to each other there is not read. Only who writes
as the group is answered in it.
"""

from aiogram import Bot, F, Router
from aiogram.enums import ChatMemberStatus
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from api.text import locale_of, translate
from bots.cards.press import Press
from bots.talk import tables
from bots.talk.rooms import groups
from bots.talk.turn import Guest
from bots.telegram.middleware import Visitors
from bots.telegram.render import as_text
from bots.telegram.unpack import GROUPS, Pressed, said

OUT = (ChatMemberStatus.LEFT, ChatMemberStatus.KICKED)


async def command(message: Message, guest: Guest, bot: Bot) -> None:
    await tables.command(await guest.turn(), said(message, bot))


async def nobody(message: Message, command: CommandObject) -> None:
    """An administrator who writes as the group: nobody is known who could be answered in private."""
    words = translate("groups.anonymous", locale_of(None), command=f"/{command.command}")
    await message.reply(as_text(words))


def by_the_group(message: Message) -> bool:
    """Written as the group itself, not as a channel of a member's own."""
    return message.sender_chat is not None and message.sender_chat.id == message.chat.id


async def press(query: CallbackQuery, claim: Press, guest: Guest) -> str:
    return await tables.press(await guest.turn(), claim)


async def moved_to(message: Message, guest: Guest) -> None:
    await groups.moved(guest, str(message.chat.id), str(message.migrate_to_chat_id))


async def moved_from(message: Message, guest: Guest) -> None:
    await groups.moved(guest, str(message.migrate_from_chat_id), str(message.chat.id))


async def membership(event: ChatMemberUpdated, guest: Guest) -> None:
    """Our bot was taken out of the group, or put into it."""
    await groups.heard(guest, str(event.chat.id), reachable=event.new_chat_member.status not in OUT)


async def unread(message: Message) -> None:
    """People talk to each other."""


def make_router(visitors: Visitors) -> Router:
    """A fresh router: aiogram lets one have one parent only."""
    router = Router(name="groups")
    for observer, chat in (
        (router.message, F.chat),
        (router.callback_query, F.message.chat),
        (router.my_chat_member, F.chat),
    ):
        observer.filter(chat.type.in_(GROUPS))
        observer.middleware(visitors)
    router.message.register(moved_to, F.migrate_to_chat_id)
    router.message.register(moved_from, F.migrate_from_chat_id)
    router.message.register(nobody, Command(*tables.COMMANDS), by_the_group)
    router.message.register(command, Command(*tables.COMMANDS), F.from_user.is_bot.is_(False))
    router.message.register(unread)
    router.callback_query.register(press, Pressed(tables.PRESSES))
    router.my_chat_member.register(membership)
    return router
