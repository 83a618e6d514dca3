"""What every update passes: who is it, in which language, and what they are told when it does not work.

One rule: an update is answered as done only after its effect is committed; so this is the outermost place,
and what nobody foresaw becomes a reference for the person and a line in the log.
"""

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiogram import BaseMiddleware
from aiogram.dispatcher.flags import get_flag
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import CallbackQuery, Message, TelegramObject, Update, User

from api.text import locale_of, refusal, say
from bots.client.api import ApiClient
from bots.client.errors import ApiError, NotLinked, Problem
from bots.client.wire import Sender
from bots.telegram.desk import Desk
from bots.telegram.render import clean

log = structlog.get_logger()

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
LONGEST_ALERT = 190


class People(BaseMiddleware):
    """Hands each handler a Desk for the person who wrote or pressed."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        user: User | None = data.get("event_from_user")
        if user is None or user.is_bot or not isinstance(event, Message | CallbackQuery):
            return None
        locale = locale_of(user.language_code)
        sender = Sender(correlation_id=str(uuid.uuid4()), locale=locale, chat=_place(event, user))
        bot = self._client.for_bot(sender)
        api = self._client.for_person("telegram", str(user.id), sender)
        data |= {"bot_api": bot, "locale": locale, "user": user}
        try:
            me = await api.me()
        except NotLinked:
            if get_flag(data, "open"):
                return await handler(event, data)
            await tell(event, say("help.unlinked", locale))
            return None
        data["locale"] = me.locale
        data["desk"] = Desk(api, bot, me, str(user.id), _key(event, data["event_update"]))
        return await handler(event, data)


class Refusals(BaseMiddleware):
    """Turns what the api refused into a sentence; what nobody foresaw into a reference."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        try:
            return await handler(event, data)
        except Problem as error:
            await self._tell(event, error.problem.detail or _own_words(error, data))
        except ApiError as error:
            await self._tell(event, _own_words(error, data))
        except TelegramAPIError as error:
            log.warning("telegram.refused", why=str(error)[:200])
        except Exception as error:
            reference = str(uuid.uuid4())[:8]
            log.exception("unforeseen", reference=reference, exc_info=error)
            await self._tell(event, say("errors.internal", _locale(data), reference=reference))
        return None

    async def _tell(self, event: TelegramObject, words: str) -> None:
        try:
            await tell(event, words, alert=True)
        except TelegramAPIError as error:
            log.warning("telegram.untold", why=str(error)[:200])


def _own_words(error: ApiError, data: dict[str, Any]) -> str:
    return refusal(error.code if error.code != "api_down" else "unavailable", {}, _locale(data))


def _locale(data: dict[str, Any]) -> str:
    desk = data.get("desk")
    user: User | None = data.get("event_from_user")
    return desk.locale if isinstance(desk, Desk) else locale_of(user.language_code if user else None)


def _key(event: Message | CallbackQuery, update: Update) -> str:
    return f"tg:{event.id}" if isinstance(event, CallbackQuery) else f"tg:{update.update_id}"


def _place(event: Message | CallbackQuery, user: User) -> str:
    """Chat and message by id only; an old button's message cannot be read any more."""
    message = event.message if isinstance(event, CallbackQuery) else event
    return f"{message.chat.id}:{message.message_id}" if message is not None else f"{user.id}:0"


async def tell(event: TelegramObject, words: str, *, alert: bool = False) -> None:
    """Answer where the person looks: under the button, or in the chat."""
    if isinstance(event, CallbackQuery):
        await answer(event, words, alert=alert)
    elif isinstance(event, Message):
        await event.answer(clean(words))


async def answer(query: CallbackQuery, words: str, *, alert: bool = False) -> None:
    """End a button's spinner; an answer that comes too late is no failure, the effect is there."""
    try:
        await query.answer(words[:LONGEST_ALERT], show_alert=alert)
    except TelegramBadRequest as error:
        if "query is too old" not in str(error).lower():
            raise
