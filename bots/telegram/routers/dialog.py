"""Everything for linked people: unpacked, looked up in the registry, answered.

One rule: in private chats only, because prices are not for groups.
"""

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message

from bots.cards.press import Press
from bots.dialog import registry
from bots.dialog.context import Context
from bots.telegram.middlewares import PersonMiddleware
from bots.telegram.unpack import UNREAD_KINDS, PressFilter, incoming_message


async def handle_message(message: Message, ctx: Context, bot: Bot) -> None:
    await registry.dispatch_message(ctx, incoming_message(message, bot))


async def handle_edit(message: Message, ctx: Context, bot: Bot) -> None:
    await registry.dispatch_edit(ctx, incoming_message(message, bot))


async def handle_press(query: CallbackQuery, press: Press, ctx: Context) -> str:
    return await registry.dispatch_press(ctx, press)


def make_router(middleware: PersonMiddleware) -> Router:
    """A fresh router: aiogram lets one have one parent only."""
    router = Router(name="dialog")
    router.message.outer_middleware(middleware)
    router.callback_query.outer_middleware(middleware)
    # behind the filters: a place that is shared live is edited every few seconds
    router.edited_message.middleware(middleware)
    router.message.filter(F.chat.type == "private")
    router.edited_message.filter(F.chat.type == "private")
    router.message.register(handle_message, F.text | F.document | F.photo | F.content_type.in_(UNREAD_KINDS))
    router.edited_message.register(handle_edit, F.text | F.caption)
    router.callback_query.register(handle_press, PressFilter(registry.PRESSES))
    return router
