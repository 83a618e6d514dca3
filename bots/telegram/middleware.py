"""What every update passes: who pressed or wrote, the answer under a button, and one handler for what went wrong.

One rule: an unlinked chat account gets told how to link, and nothing else.
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
from bots.cards.clean import clean
from bots.client.api import ApiClient
from bots.client.errors import ApiError
from bots.client.wire import Sender
from bots.talk.correlation import correlation_id
from bots.talk.errors import sentence
from bots.talk.place import Place
from bots.talk.turn import Guest
from bots.talk.voice import PatientVoice
from bots.telegram import commands, unpack
from bots.telegram.outbound import Outbound
from bots.telegram.render import as_text

log = structlog.get_logger()
Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
LONGEST_ALERT = 200


class TelegramVoice(PatientVoice):
    """A chat of this bot, which has a command menu of its own."""

    def __init__(self, outbound: Outbound, chat_id: str) -> None:
        super().__init__(outbound, chat_id)
        self._bot = outbound.bot
        self._menu_of = int(chat_id)

    async def menu(self, me: MeOut) -> None:
        await commands.set_for_chat(self._bot, self._menu_of, me)


class Guests(BaseMiddleware):
    """For the door: the bot's own rights and the account's own words, before anybody is known."""

    def __init__(self, client: ApiClient, outbound: Outbound) -> None:
        self._client = client
        self._outbound = outbound

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        guest = self.guest(event, data)
        if guest is None:
            return None
        data["guest"] = guest
        return await handler(event, data)

    def guest(self, event: TelegramObject, data: dict[str, Any]) -> Guest | None:
        """Whoever speaks; nothing for bots and for what has no chat."""
        user: User | None = data.get("event_from_user")
        place = unpack.place(event, data)
        if user is None or user.is_bot or place is None:
            return None
        return self._guest(event, data, user, place)

    def _guest(self, event: TelegramObject, data: dict[str, Any], user: User, place: Place) -> Guest:
        root = f"tg:{self._outbound.bot.id}"
        return Guest(
            client=self._client,
            voice=TelegramVoice(self._outbound, place.chat_id),
            place=place,
            root=root,
            key=unpack.update_key(event, data, root),
            locale=locale_of(user.language_code),
            account=unpack.account(user),
            language=user.language_code or "",
        )


class Visitors(Guests):
    """For groups: what happens to a group is nobody's doing, and who spoke there is asked for only when it counts."""

    def guest(self, event: TelegramObject, data: dict[str, Any]) -> Guest | None:
        user: User | None = data.get("event_from_user")
        place = unpack.place(event, data)
        return self._guest(event, data, user, place) if user is not None and place is not None else None


class People(Guests):
    """For every other room: the person behind the chat account, with their token."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        guest = self.guest(event, data)
        if guest is None:
            return None
        data["turn"] = await guest.turn()
        return await handler(event, data)


class Spinner(BaseMiddleware):
    """Ends the button's spinner with what the handler says, after it has been done."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        outcome = await handler(event, data)
        if isinstance(event, CallbackQuery) and (outcome is None or isinstance(outcome, str)):
            await answer(event, outcome or "")
            return True
        if isinstance(event, CallbackQuery) and outcome is UNHANDLED:
            log.info("press.refused", why="unreadable")
            await answer(event, translate("cards.not_a_button", _spoken(event.from_user)))
        return outcome


def _spoken(user: User | None) -> str:
    return locale_of(user.language_code if user else None)


async def answer(query: CallbackQuery, words: str, *, alert: bool = False) -> None:
    """End a spinner; an answer that comes too late is no failure, the effect is there."""
    told = clean(words)
    try:
        await query.answer(
            (told if len(told) <= LONGEST_ALERT else f"{told[: LONGEST_ALERT - 1]}…") or None,
            show_alert=alert or None,
        )
    except TelegramBadRequest as error:
        if "query is too old" not in error.message.lower():
            raise


class Trouble:
    """The one handler of what went wrong: a sentence for what is known, a reference for what is not."""

    def __init__(self, client: ApiClient, bot: Bot) -> None:
        self._client = client
        self._bot = bot

    async def tell(self, event: ErrorEvent) -> bool:
        update, error = event.update, event.exception
        user = update.event.from_user if isinstance(update.event, Message | CallbackQuery) else None
        locale = await self._locale(user)
        words = sentence(error, locale)
        try:
            await self._tell(update, words)
        except TelegramAPIError as refused:
            log.warning("chat.untold", why=type(refused).__name__)
        return True

    async def _locale(self, user: User | None) -> str:
        if user is None:
            return locale_of(None)
        sender = Sender(correlation_id=correlation_id())
        try:
            me = await self._client.for_person("telegram", str(user.id), sender).me()
        except ApiError:
            return locale_of(user.language_code)
        return me.locale

    async def _tell(self, update: Update, words: str) -> None:
        """Under the button, or in the conversation with this person; never in a group."""
        event = update.event
        if isinstance(event, CallbackQuery):
            await answer(event, words, alert=True)
        elif isinstance(event, Message) and event.from_user is not None:
            await self._bot.send_message(event.from_user.id, as_text(words))
