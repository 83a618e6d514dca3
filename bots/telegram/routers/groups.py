"""Groups: commands and presses there, a group that gets another id, and our bot being removed or added.

One rule: whatever comes from a group ends here; what people write to each other is not read. Only somebody who
writes as the group is answered in it.
"""

from aiogram import Bot, F, Router
from aiogram.enums import ChatMemberStatus
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from api.text import CommandName, locale_of, translate
from bots.cards.press import Press
from bots.dialog import registry
from bots.dialog.context import UnlinkedContext
from bots.dialog.handlers import groups
from bots.telegram.middlewares import GroupMiddleware
from bots.telegram.render import as_text
from bots.telegram.unpack import GROUP_CHAT_TYPES, PressFilter, incoming_message

OUT_STATUSES = (ChatMemberStatus.LEFT, ChatMemberStatus.KICKED)


async def handle_command(message: Message, unlinked: UnlinkedContext, bot: Bot) -> None:
    await registry.dispatch_command(await unlinked.to_context(), incoming_message(message, bot))


async def handle_anonymous_command(message: Message, command: CommandObject) -> None:
    """An administrator who writes as the group: nobody is known who could be answered in private."""
    text = translate("groups.anonymous", locale_of(None), command=CommandName(command.command))
    await message.reply(as_text(text))


def is_sent_as_group(message: Message) -> bool:
    """Written as the group itself, not as a channel of a member's own."""
    return message.sender_chat is not None and message.sender_chat.id == message.chat.id


async def handle_press(query: CallbackQuery, press: Press, unlinked: UnlinkedContext) -> str:
    return await registry.dispatch_press(await unlinked.to_context(), press)


async def handle_migrated_to(message: Message, unlinked: UnlinkedContext) -> None:
    await groups.report_migrated(unlinked, str(message.chat.id), str(message.migrate_to_chat_id))


async def handle_migrated_from(message: Message, unlinked: UnlinkedContext) -> None:
    await groups.report_migrated(unlinked, str(message.migrate_from_chat_id), str(message.chat.id))


async def handle_membership(event: ChatMemberUpdated, unlinked: UnlinkedContext) -> None:
    """Our bot was taken out of the group, or put into it."""
    await groups.report_reachable(
        unlinked, str(event.chat.id), reachable=event.new_chat_member.status not in OUT_STATUSES
    )


async def ignore_message(message: Message) -> None:
    """People talk to each other."""


def make_router(middleware: GroupMiddleware) -> Router:
    """A fresh router: aiogram lets one have one parent only."""
    router = Router(name="groups")
    for observer, chat in (
        (router.message, F.chat),
        (router.callback_query, F.message.chat),
        (router.my_chat_member, F.chat),
    ):
        observer.filter(chat.type.in_(GROUP_CHAT_TYPES))
        observer.middleware(middleware)
    router.message.register(handle_migrated_to, F.migrate_to_chat_id)
    router.message.register(handle_migrated_from, F.migrate_from_chat_id)
    router.message.register(
        handle_anonymous_command, Command(*registry.COMMANDS, ignore_case=True), is_sent_as_group
    )
    router.message.register(
        handle_command, Command(*registry.COMMANDS, ignore_case=True), F.from_user.is_bot.is_(False)
    )
    router.message.register(ignore_message)
    router.callback_query.register(handle_press, PressFilter(registry.PRESSES))
    router.my_chat_member.register(handle_membership)
    return router
