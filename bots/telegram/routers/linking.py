"""Linking, for accounts of which nothing is known yet: unpacked, looked up in the registry, answered."""

from aiogram import Bot, F, Router
from aiogram.enums import ChatMemberStatus
from aiogram.filters import Command
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bots.cards.press import Press
from bots.dialog.context import UnlinkedContext
from bots.dialog.handlers.linking import report_reachable
from bots.dialog.registry import UNLINKED_COMMANDS, UNLINKED_PRESSES
from bots.telegram.middlewares import UnlinkedMiddleware
from bots.telegram.unpack import PressFilter, incoming_message


async def handle_command(message: Message, unlinked: UnlinkedContext, bot: Bot) -> None:
    incoming = incoming_message(message, bot)
    await UNLINKED_COMMANDS[incoming.command].handler(unlinked, incoming)


async def handle_press(query: CallbackQuery, press: Press, unlinked: UnlinkedContext) -> str:
    return await UNLINKED_PRESSES[press.op].handler(unlinked, press)


async def handle_membership(event: ChatMemberUpdated, unlinked: UnlinkedContext) -> None:
    """Somebody blocked the bot in their private chat, or took that back."""
    await report_reachable(unlinked, reachable=event.new_chat_member.status != ChatMemberStatus.KICKED)


def make_router(middleware: UnlinkedMiddleware) -> Router:
    """A fresh router: aiogram lets one have one parent only."""
    router = Router(name="linking")
    router.message.outer_middleware(middleware)
    router.callback_query.outer_middleware(middleware)
    router.my_chat_member.outer_middleware(middleware)
    router.my_chat_member.register(handle_membership, F.chat.type == "private")
    router.message.register(
        handle_command, Command(*UNLINKED_COMMANDS, ignore_case=True), F.chat.type == "private"
    )
    router.callback_query.register(
        handle_press, PressFilter(UNLINKED_PRESSES), F.message.chat.type == "private"
    )
    return router
