"""Sending to Telegram, for workers: post, edit, text; the platform's answers become four outcomes.

One rule: a 429 is obeyed and reported, never slept through here; who asks again is the delivery's schedule.
"""

from dataclasses import dataclass

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from bots.cards.model import Card
from bots.telegram.render import as_html, clean, keyboard

PAUSE = 2.0


@dataclass(eq=False)
class Gone(Exception):
    """The message or the chat does not exist any more."""

    why: str


@dataclass(eq=False)
class Blocked(Exception):
    """The person does not want to hear from the bot, or has never spoken to it."""

    why: str


@dataclass(eq=False)
class RetryLater(Exception):
    """The platform asks for a pause, or did not answer."""

    seconds: float


class Outbound:
    """One bot's sending side; one session, made on the loop that uses it."""

    def __init__(self, token: str, api_base: str) -> None:
        session = AiohttpSession(api=TelegramAPIServer.from_base(api_base))
        self._bot = Bot(token, session=session, default=DefaultBotProperties(parse_mode="HTML"))

    async def post(self, chat_id: str, card: Card) -> str:
        """Send a new card; its message id."""
        try:
            sent = await self._bot.send_message(int(chat_id), as_html(card), reply_markup=keyboard(card))
        except _TROUBLE as error:
            raise _outcome(error) from error
        return str(sent.message_id)

    async def edit(self, chat_id: str, message_id: str, card: Card) -> None:
        """Bring a card up to date; one that shows it already is a success."""
        try:
            await self._bot.edit_message_text(
                as_html(card), chat_id=int(chat_id), message_id=int(message_id), reply_markup=keyboard(card)
            )
        except _TROUBLE as error:
            if "message is not modified" not in str(error).lower():
                raise _outcome(error) from error

    async def text(self, chat_id: str, words: str) -> str:
        """Send a plain sentence; its message id."""
        try:
            sent = await self._bot.send_message(int(chat_id), clean(words))
        except _TROUBLE as error:
            raise _outcome(error) from error
        return str(sent.message_id)

    async def close(self) -> None:
        await self._bot.session.close()


_TROUBLE = (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)


def _outcome(error: Exception) -> Gone | Blocked | RetryLater:
    """What a refusal of the platform means for us."""
    match error:
        case TelegramRetryAfter():
            return RetryLater(float(error.retry_after))
        case TelegramForbiddenError():
            return Blocked(error.message)
        case TelegramBadRequest():
            return Gone(error.message)
        case _:
            return RetryLater(PAUSE)
