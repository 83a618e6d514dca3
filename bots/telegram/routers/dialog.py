"""Everything for linked people: unpacked, looked up in the registry, answered.

One rule: in private chats only, because prices are not for groups.
"""

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bots.cards.press import Press
from bots.dialog import registry
from bots.dialog.context import Context
from bots.telegram.middlewares import PersonMiddleware
from bots.telegram.unpack import PressFilter, incoming_message


async def handle_command(message: Message, ctx: Context, bot: Bot) -> None:
    await registry.dispatch_command(ctx, incoming_message(message, bot))


async def handle_files(message: Message, ctx: Context, bot: Bot) -> None:
    await registry.dispatch_files(ctx, incoming_message(message, bot))


async def handle_text(message: Message, ctx: Context, bot: Bot) -> None:
    await registry.dispatch_text(ctx, incoming_message(message, bot))


async def handle_press(query: CallbackQuery, press: Press, ctx: Context) -> str:
    return await registry.dispatch_press(ctx, press)


def make_router(middleware: PersonMiddleware) -> Router:
    """A fresh router: aiogram lets one have one parent only."""
    router = Router(name="dialog")
    router.message.outer_middleware(middleware)
    router.callback_query.outer_middleware(middleware)
    router.message.filter(F.chat.type == "private")
    router.message.register(handle_command, Command(*registry.COMMANDS))
    router.message.register(handle_files, F.document | F.photo)
    router.message.register(handle_command, F.text.startswith("/"))
    router.message.register(handle_text, F.text)
    router.callback_query.register(handle_press, PressFilter(registry.PRESSES))
    return router
