"""The command menus: per language for everybody, per chat for a linked person's roles.

One rule: a menu is a convenience; whoever types a command that is not in it gets the same answer.
"""

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from api.contract.people import MeOut
from api.text import SUPPORTED, say

log = structlog.get_logger()

EVERYBODY = ("start", "help", "cancel", "whoami")
STAFF = ("request", "my", "status", "approvals", "receive", *EVERYBODY[1:])
OFFICER = ("request", "my", "rfqs", "status", "approvals", "receive", *EVERYBODY[1:])
VENDOR = ("rfqs", "quote", "nobid", "status", *EVERYBODY[1:])
KNOWN = tuple(dict.fromkeys((*EVERYBODY, *STAFF, *OFFICER, *VENDOR)))


def menu(names: tuple[str, ...], locale: str) -> list[BotCommand]:
    return [BotCommand(command=name, description=say(f"commands.{name}", locale)) for name in names]


def names_for(me: MeOut) -> tuple[str, ...]:
    if me.vendor_id is not None:
        return VENDOR
    return OFFICER if "officer" in me.roles else STAFF


async def set_for_all(bot: Bot) -> None:
    """The menu of those who are not linked yet."""
    for language in SUPPORTED:
        await bot.set_my_commands(
            menu(EVERYBODY, language),
            scope=BotCommandScopeAllPrivateChats(),
            language_code=language if language != "en" else None,
        )


async def set_for_chat(bot: Bot, chat_id: int, me: MeOut) -> None:
    """The menu of a person's roles; failing leaves the general one."""
    try:
        await bot.set_my_commands(menu(names_for(me), me.locale), scope=BotCommandScopeChat(chat_id=chat_id))
    except TelegramAPIError as error:
        log.warning("menu.not_set", why=error.message[:200])
