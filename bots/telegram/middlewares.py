"""What every update passes: who pressed or wrote, the answer under a button, and one handler for what went wrong.

One rule: an unlinked chat account is told how to link, and nothing else.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiogram import BaseMiddleware, Bot
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import CallbackQuery, ErrorEvent, Message, TelegramObject, Update, User

from api.contract.people import MeOut
from api.text import locale_of, translate
from bots.client.api import ApiClient
from bots.client.errors import ApiError
from bots.client.transport import CallMetadata
from bots.dialog.context import UnlinkedContext
from bots.dialog.correlation import correlation_id
from bots.dialog.error_text import error_text
from bots.dialog.origin import Origin
from bots.dialog.responder import RetryingResponder
from bots.telegram import command_menu, unpack
from bots.telegram.outbound import TelegramOutbound
from bots.telegram.render import as_text, visible_text

log = structlog.get_logger()
Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
MAX_ALERT = 200


class TelegramResponder(RetryingResponder):
    """A chat of this bot, which has a command menu of its own."""

    def __init__(self, outbound: TelegramOutbound, chat_id: str) -> None:
        super().__init__(outbound, chat_id)
        self._bot = outbound.bot
        self._menu_chat_id = int(chat_id)

    async def set_menu(self, me: MeOut) -> None:
        await command_menu.set_for_chat(self._bot, self._menu_chat_id, me)


class UnlinkedMiddleware(BaseMiddleware):
    """For linking: the bot's own rights and the account's language, before anybody is known."""

    def __init__(self, client: ApiClient, outbound: TelegramOutbound) -> None:
        self._client = client
        self._outbound = outbound

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        unlinked = self.unlinked(event, data)
        if unlinked is None:
            return None
        data["unlinked"] = unlinked
        return await handler(event, data)

    def unlinked(self, event: TelegramObject, data: dict[str, Any]) -> UnlinkedContext | None:
        """Who acts; nothing for bots and for what has no chat."""
        user: User | None = data.get("event_from_user")
        origin = unpack.origin(event, data)
        if user is None or user.is_bot or origin is None:
            return None
        return self._unlinked(event, data, user, origin)

    def _unlinked(
        self, event: TelegramObject, data: dict[str, Any], user: User, origin: Origin
    ) -> UnlinkedContext:
        key_prefix = f"tg:{self._outbound.bot.id}"
        return UnlinkedContext(
            client=self._client,
            responder=TelegramResponder(self._outbound, origin.chat_id),
            origin=origin,
            key_prefix=key_prefix,
            update_key=unpack.update_key(event, data, key_prefix),
            locale=locale_of(user.language_code),
            account_name=unpack.account_name(user),
            language=user.language_code or "",
        )


class GroupMiddleware(UnlinkedMiddleware):
    """For groups: the person is looked up only by handlers that need them."""

    def unlinked(self, event: TelegramObject, data: dict[str, Any]) -> UnlinkedContext | None:
        user: User | None = data.get("event_from_user")
        origin = unpack.origin(event, data)
        return self._unlinked(event, data, user, origin) if user is not None and origin is not None else None


class PersonMiddleware(UnlinkedMiddleware):
    """For every other handler: the person behind the chat account, with their token."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        unlinked = self.unlinked(event, data)
        if unlinked is None:
            return None
        data["ctx"] = await unlinked.to_context()
        return await handler(event, data)


class CallbackAnswerMiddleware(BaseMiddleware):
    """Ends the button's spinner with what the handler says, after it has been done."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        outcome = await handler(event, data)
        if isinstance(event, CallbackQuery) and (outcome is None or isinstance(outcome, str)):
            await answer_callback(event, outcome or "")
            return True
        if isinstance(event, CallbackQuery) and outcome is UNHANDLED:
            log.info("press.refused", why="unreadable")
            await answer_callback(event, translate("cards.not_a_button", _locale_of_user(event.from_user)))
        return outcome


def _locale_of_user(user: User | None) -> str:
    return locale_of(user.language_code if user else None)


async def answer_callback(query: CallbackQuery, text: str, *, alert: bool = False) -> None:
    """End a spinner; an answer that comes too late is no failure, the effect is there."""
    cleaned = visible_text(text)
    try:
        await query.answer(
            (cleaned if len(cleaned) <= MAX_ALERT else f"{cleaned[: MAX_ALERT - 1]}…") or None,
            show_alert=alert or None,
        )
    except TelegramBadRequest as error:
        if "query is too old" not in error.message.lower():
            raise


class ErrorHandler:
    """The one handler of what went wrong: a sentence for what is known, a reference for what is not."""

    def __init__(self, client: ApiClient, bot: Bot) -> None:
        self._client = client
        self._bot = bot

    async def handle(self, event: ErrorEvent) -> bool:
        update, error = event.update, event.exception
        user = update.event.from_user if isinstance(update.event, Message | CallbackQuery) else None
        locale = await self._locale(user)
        text = error_text(error, locale)
        try:
            await self._reply(update, text)
        except TelegramAPIError as refused:
            log.warning("chat.untold", why=type(refused).__name__)
        return True

    async def _locale(self, user: User | None) -> str:
        if user is None:
            return locale_of(None)
        metadata = CallMetadata(correlation_id=correlation_id())
        try:
            me = await self._client.for_person("telegram", str(user.id), metadata).me()
        except ApiError:
            return locale_of(user.language_code)
        return me.locale

    async def _reply(self, update: Update, text: str) -> None:
        """Under the button, or in the conversation with this person; never in a group."""
        event = update.event
        if isinstance(event, CallbackQuery):
            await answer_callback(event, text, alert=True)
        elif isinstance(event, Message) and event.from_user is not None:
            await self._bot.send_message(event.from_user.id, as_text(text))
