"""What every update passes: who pressed or wrote, the answer under a button, and one handler for what went wrong.

One rule: an unlinked chat account gets told how to link, and nothing else.
"""

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiogram import BaseMiddleware, Bot
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.dispatcher.middlewares.user_context import EventContext
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import CallbackQuery, ErrorEvent, Message, TelegramObject, Update, User

from api.text import locale_of, say
from bots.client.api import ApiClient, BotApi
from bots.client.errors import ApiError, Invalid, Late, NotLinked, Problem, Unavailable
from bots.client.wire import Sender
from bots.telegram.correlation import correlation_id
from bots.telegram.outbound import Blocked, Gone, Outbound, RetryLater
from bots.telegram.render import as_text, clean
from bots.telegram.turn import Guest, Place, Turn, Voice

log = structlog.get_logger()
Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
LONGEST_ALERT = 200


class Service(BaseMiddleware):
    """For the door: the bot's own rights and the account's own words, before anybody is known."""

    def __init__(self, client: ApiClient, outbound: Outbound) -> None:
        self._client = client
        self._outbound = outbound

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        user: User | None = data.get("event_from_user")
        place = place_of(event, data)
        if user is None or user.is_bot or place is None:
            return None
        data["guest"] = Guest(
            client=self._client,
            api=bot_api(self._client, user, place),
            voice=Voice(self._outbound, place.chat_id),
            place=place,
            key=update_key(event, data),
            locale=locale_of(user.language_code),
        )
        return await handler(event, data)


class People(BaseMiddleware):
    """For every other room: the person behind the chat account, with their token."""

    def __init__(self, client: ApiClient, outbound: Outbound) -> None:
        self._client = client
        self._outbound = outbound

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        user: User | None = data.get("event_from_user")
        place, bot = place_of(event, data), data.get("bot")
        if user is None or user.is_bot or place is None or not isinstance(bot, Bot):
            return None
        data["turn"] = await turn_of(
            self._client, self._outbound, user, place, update_key(event, data), bot.id
        )
        return await handler(event, data)


async def turn_of(
    client: ApiClient, outbound: Outbound, user: User, place: Place, key: str, bot_id: int
) -> Turn:
    """The person's turn, or NotLinked."""
    sender = _sender(user, place)
    me = await client.for_person("telegram", place.external_id, sender).me()
    spoken = Sender(correlation_id=sender.correlation_id, locale=me.locale, chat=sender.chat)
    return Turn(
        api=client.for_person("telegram", place.external_id, spoken),
        bot=client.for_bot(spoken),
        me=me,
        voice=Voice(outbound, place.chat_id),
        place=place,
        update_key=key,
        bot_id=bot_id,
    )


class Spinner(BaseMiddleware):
    """Ends the button's spinner with what the handler says, after it has been done."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        outcome = await handler(event, data)
        if isinstance(event, CallbackQuery) and (outcome is None or isinstance(outcome, str)):
            await answer(event, outcome or "")
            return True
        if isinstance(event, CallbackQuery) and outcome is UNHANDLED:
            await answer(event, say("forms.closed", _spoken(event.from_user)))
        return outcome


def _spoken(user: User | None) -> str:
    return locale_of(user.language_code if user else None)


def bot_api(client: ApiClient, user: User, place: Place) -> BotApi:
    return client.for_bot(_sender(user, place))


def _sender(user: User, place: Place) -> Sender:
    return Sender(
        correlation_id=correlation_id(),
        locale=locale_of(user.language_code),
        chat=f"{place.chat_id}:{place.message_id}",
    )


def place_of(event: TelegramObject, data: dict[str, Any]) -> Place | None:
    """Chat, topic and message by id only; an old button's message cannot be read any more."""
    context: EventContext | None = data.get("event_context")
    message = event.message if isinstance(event, CallbackQuery) else event
    user: User | None = data.get("event_from_user")
    if context is None or context.chat_id is None or user is None:
        return None
    message_id = getattr(message, "message_id", "")
    return Place(str(context.chat_id), str(context.thread_id or ""), str(user.id), str(message_id))


def update_key(event: TelegramObject, data: dict[str, Any]) -> str:
    """The same for an update that is delivered again; a press is known by its own id."""
    bot, update = data.get("bot"), data.get("event_update")
    bot_id = bot.id if isinstance(bot, Bot) else 0
    if isinstance(event, CallbackQuery):
        return f"tg:{bot_id}:{event.id}"
    return f"tg:{bot_id}:{update.update_id if isinstance(update, Update) else 0}"


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

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    async def tell(self, event: ErrorEvent) -> bool:
        update, error = event.update, event.exception
        user = update.event.from_user if isinstance(update.event, Message | CallbackQuery) else None
        locale = await self._locale(user)
        words = sentence(error, locale)
        try:
            await _tell(update, words, alert=True)
        except TelegramAPIError as refused:
            log.warning("chat.untold", why=refused.message[:200])
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


def sentence(error: Exception, locale: str) -> str:
    """What a person reads about an error."""
    match error:
        case NotLinked():
            return say("help.unlinked", locale)
        case Invalid(problem=problem) if problem.errors:
            first = problem.errors[0]
            told = say("errors.values", locale, field=_field(first.field), message=first.message)
            return f"{told} {say('errors.example', locale, example=first.example)}" if first.example else told
        case Problem(problem=problem):
            return problem.detail
        case Late():
            return say("errors.still_working", locale)
        case Unavailable():
            return say("errors.api_down", locale)
        case Blocked() | Gone() | RetryLater():
            log.warning("chat.unreachable", why=repr(error)[:200])
            return say("errors.still_working", locale)
    reference = correlation_id()[:8] or uuid.uuid4().hex[:8]
    log.error("bot.unforeseen", reference=reference, exc_info=error)
    return say("errors.internal", locale, reference=reference)


def _field(pointer: str) -> str:
    """``/lines/0/quantity`` as a person reads it."""
    return " ".join(part for part in pointer.strip("/").split("/") if part).replace("_", " ")


async def _tell(update: Update, words: str, *, alert: bool = False) -> None:
    """Where the person looks: under the button, or in the chat."""
    event = update.event
    if isinstance(event, CallbackQuery):
        await answer(event, words, alert=alert)
    elif isinstance(event, Message):
        await event.answer(as_text(words))
