"""The command menus: per language for everybody, per chat for a linked person's roles."""

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from api.contract.people import MeOut
from api.text import SUPPORTED
from bots.dialog.menu import UNLINKED_MENU, commands_for, with_descriptions
from bots.telegram.render import visible_text

log = structlog.get_logger()


def bot_commands(names: tuple[str, ...], locale: str) -> list[BotCommand]:
    return [
        BotCommand(command=name, description=visible_text(description))
        for name, description in with_descriptions(names, locale)
    ]


async def set_for_all(bot: Bot) -> None:
    """The menu of those who are not linked yet."""
    for language in SUPPORTED:
        await bot.set_my_commands(
            bot_commands(UNLINKED_MENU, language),
            scope=BotCommandScopeAllPrivateChats(),
            language_code=language if language != "en" else None,
        )


async def set_for_chat(bot: Bot, chat_id: int, me: MeOut) -> None:
    """The menu of a person's roles; failing leaves the general one."""
    try:
        await bot.set_my_commands(
            bot_commands(commands_for(me), me.locale), scope=BotCommandScopeChat(chat_id=chat_id)
        )
    except TelegramAPIError as error:
        log.warning("menu.not_set", why=type(error).__name__)
