"""What every update passes: who pressed or wrote, the answer under a button, and one handler for what went wrong.

One rule: an unlinked chat account is told how to link, and nothing else.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiogram import BaseMiddleware
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import ErrorEvent, TelegramObject, User

from api.contract.people import MeOut
from api.text import locale_of, translate
from bots.client.api import ApiClient
from bots.dialog.context import UnlinkedContext
from bots.dialog.error_text import error_text
from bots.dialog.open_questions import OpenQuestions
from bots.dialog.origin import Origin
from bots.dialog.responder import RetryingResponder
from bots.telegram import command_menu, unpack
from bots.telegram.outbound import TelegramOutbound
from bots.telegram.pending_reply import PendingReply

log = structlog.get_logger()
Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


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

    def __init__(self, client: ApiClient, outbound: TelegramOutbound, questions: OpenQuestions) -> None:
        self._client = client
        self._outbound = outbound
        self._questions = questions

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
            questions=self._questions,
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
        outcome, reply = await handler(event, data), data["reply"]
        if outcome is None or isinstance(outcome, str):
            await reply.say(outcome or "")
            return True
        if outcome is UNHANDLED:
            log.info("press.refused", why="unreadable")
            await reply.say(translate("cards.not_a_button", locale_of_user(data.get("event_from_user"))))
        return outcome


def locale_of_user(user: User | None) -> str:
    """The language of the account, for as long as the person is not known."""
    return locale_of(user.language_code if user else None)


async def handle_error(event: ErrorEvent, reply: PendingReply, client: ApiClient) -> bool:
    """The one handler of what went wrong: a sentence for what is known, a reference for what is not."""
    update = event.update
    acting = update.callback_query or update.message or update.edited_message
    user = acting.from_user if acting is not None else None
    await reply.say(error_text(event.exception, locale_of_person(client, user)), alert=True)
    return True


def locale_of_person(client: ApiClient, user: User | None) -> str:
    """The person's own language when this process has met them; it asks nobody, because that may be what failed."""
    known = client.last_known("telegram", str(user.id)) if user is not None else None
    return known.locale if known is not None else locale_of_user(user)
