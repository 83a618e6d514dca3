"""Sending to Telegram: ``bots.cards.sending`` with aiogram. Used by the bot and by workers; knows no dispatcher.

One rule: after a 429 nothing waits here; RetryLater tells the caller when to try again.
"""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import BufferedInputFile, Message, ReplyParameters
from redis.asyncio import Redis

from bots.cards.attachment import Attachment
from bots.cards.card import Card
from bots.cards.rate_limit import SendRate, SendRateLimiter
from bots.cards.sending import Blocked, ChatMigrated, Gone, NotAllowed, RetryLater
from bots.telegram.render import as_html, as_text, fingerprint, keyboard
from bots.telegram.session import BotSession

R = TypeVar("R")
PAUSE_SECONDS = 2.0
CHAT_RATE, GROUP_RATE, OVERALL_RATE = SendRate(1.0, 6.0), SendRate(3.0, 30.0), SendRate(1 / 30, 1.0)
"""About one message a second in a chat, 20 a minute in a group, 30 a second in all."""
TIMEOUT_SECONDS = 10.0
"""Seconds until a call counts as lost; below the 15 that a worker's transaction may wait."""
MAX_CAPTION = 1_000
FILE_TIMEOUT_SECONDS = 60
"""The same for a file, which only the bot itself sends."""
_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message to pin not found",
    "message thread not found",
    "topic_id_invalid",
    "topic_deleted",
)
_SAME = ("message is not modified", "topic_not_modified")
_NO_RIGHT = ("not enough rights", "chat_admin_required", "chat is not a forum", "topic_closed")
_NOBODY = ("chat not found", "user is deactivated", "peer_id_invalid")
_API_ERRORS = (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)


SAME_EDIT_SECONDS, MAX_EDITED = 5.0, 1_000
"""Of two presses at once both lead to the same edit, and Telegram refuses the second: it is not sent.

Only for so long: what another process has made of the message since is not known here.
"""


class TelegramOutbound:
    """One bot's sending side; one session, made on the loop that uses it."""

    def __init__(
        self,
        token: str,
        api_base: str,
        *,
        redis: Redis | None = None,
        rate_limited: bool = True,
        login_url: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``rate_limited`` is off where a person waits for the answer to what they just did.

        ``login_url``: where buttons that open a page lead, if Telegram may log people in there.
        """
        self._login_url = login_url
        self._clock = clock
        self._edited: OrderedDict[tuple[str, str], tuple[bytes, float]] = OrderedDict()
        session = BotSession(api=TelegramAPIServer.from_base(api_base), timeout=TIMEOUT_SECONDS)
        self.bot = Bot(token, session=session, default=DefaultBotProperties(parse_mode="HTML"))
        self._rate_limiter = SendRateLimiter(OVERALL_RATE, redis, clock) if rate_limited else None

    @property
    def opens_pages(self) -> bool:
        return bool(self._login_url)

    async def post(self, chat_id: str, card: Card, *, thread_id: str = "") -> str:
        """Send a new card, into a topic when one is named; its message id."""
        return await self._send(chat_id, as_html(card), card, thread_id)

    async def text(self, chat_id: str, text: str, *, silent: bool = False, reply_to: str = "") -> str:
        """Send a plain sentence, as a reply when a message is named; its message id."""
        return await self._send(chat_id, as_text(text), Card("", silent=silent), reply_to=reply_to)

    async def file(self, chat_id: str, file: Attachment, *, caption: str = "", reply_to: str = "") -> None:
        """Send a document with a caption, as a reply when a message is named."""

        async def send() -> Message:
            return await self.bot.send_document(
                int(chat_id),
                BufferedInputFile(file.content, file.name),
                caption=as_text(caption[:MAX_CAPTION]) or None,
                reply_parameters=_reply_parameters(reply_to),
                request_timeout=FILE_TIMEOUT_SECONDS,
            )

        try:
            await self._try(chat_id, send)
        except TelegramBadRequest as error:
            raise _sending_error(error) from error

    async def edit(self, chat_id: str, message_id: str, card: Card) -> None:
        """Bring a card up to date; one that shows it already is delivered."""

        async def send() -> Message | bool:
            return await self.bot.edit_message_text(
                as_html(card),
                chat_id=int(chat_id),
                message_id=int(message_id),
                reply_markup=keyboard(card, self._login_url),
            )

        message, now, shown = (chat_id, message_id), self._clock(), fingerprint(card)
        before, at = self._edited.get(message, (b"", now))
        if shown == before and now - at < SAME_EDIT_SECONDS:
            return
        self._edited[message] = (shown, now)  # before it is sent: the other press may come meanwhile
        self._edited.move_to_end(message)
        if len(self._edited) > MAX_EDITED:
            self._edited.popitem(last=False)
        try:
            await self._change(chat_id, send)
        except BaseException:  # also when it is cancelled
            self._edited.pop(message, None)
            raise

    async def open_topic(self, chat_id: str, title: str) -> str:
        """A topic of a forum; its thread id."""
        try:
            topic = await self._try(chat_id, lambda: self.bot.create_forum_topic(int(chat_id), title))
        except TelegramBadRequest as error:
            raise _sending_error(error) from error
        return str(topic.message_thread_id)

    async def rename_topic(self, chat_id: str, thread_id: str, title: str) -> None:
        await self._change(
            chat_id, lambda: self.bot.edit_forum_topic(int(chat_id), int(thread_id), name=title)
        )

    async def close_topic(self, chat_id: str, thread_id: str, *, closed: bool) -> None:
        change = self.bot.close_forum_topic if closed else self.bot.reopen_forum_topic
        await self._change(chat_id, lambda: change(int(chat_id), int(thread_id)))

    async def pin(self, chat_id: str, message_id: str) -> None:
        """Without telling everybody."""
        await self._change(
            chat_id,
            lambda: self.bot.pin_chat_message(int(chat_id), int(message_id), disable_notification=True),
        )

    def fingerprint(self, card: Card) -> bytes:
        return fingerprint(card)

    async def close(self) -> None:
        await self.bot.session.close()

    async def _change(self, chat_id: str, send: Callable[[], Awaitable[Message | bool]]) -> None:
        """What changes nothing is done already."""
        try:
            await self._try(chat_id, send)
        except TelegramBadRequest as error:
            if not any(each in error.message.lower() for each in _SAME):
                raise _sending_error(error) from error

    async def _send(
        self, chat_id: str, html: str, card: Card, thread_id: str = "", *, reply_to: str = ""
    ) -> str:
        async def send() -> Message:
            return await self.bot.send_message(
                int(chat_id),
                html,
                message_thread_id=int(thread_id) if thread_id else None,
                reply_parameters=_reply_parameters(reply_to),
                reply_markup=keyboard(card, self._login_url),
                disable_notification=card.silent or None,
            )

        try:
            sent = await self._try(chat_id, send)
        except TelegramBadRequest as error:
            raise _sending_error(error) from error
        return str(sent.message_id)

    async def _try(self, chat_id: str, send: Callable[[], Awaitable[R]]) -> R:
        rate = GROUP_RATE if chat_id.startswith("-") else CHAT_RATE
        wait = (
            await self._rate_limiter.acquire(str(self.bot.id), chat_id, rate) if self._rate_limiter else 0.0
        )
        if wait > 0:
            raise RetryLater(wait)
        try:
            return await send()
        except TelegramBadRequest:
            raise
        except TelegramRetryAfter as error:
            if self._rate_limiter:
                await self._rate_limiter.pause(str(self.bot.id), chat_id, rate, float(error.retry_after))
            raise RetryLater(float(error.retry_after)) from error
        except _API_ERRORS as error:
            raise _sending_error(error) from error


def _reply_parameters(reply_to: str) -> ReplyParameters | None:
    """To a message that may be gone by now: the text is sent all the same."""
    if not reply_to:
        return None
    return ReplyParameters(message_id=int(reply_to), allow_sending_without_reply=True)


def _sending_error(error: TelegramAPIError) -> Exception:
    """What a refusal of the platform means for us; one that nobody foresaw stays what it is."""
    text = error.message.lower()
    match error:
        case TelegramRetryAfter():
            return RetryLater(float(error.retry_after))
        case TelegramMigrateToChat():
            return ChatMigrated(str(error.migrate_to_chat_id))
        case TelegramForbiddenError():
            return Blocked(error.message)
        case TelegramBadRequest() if any(each in text for each in _NOBODY):
            return Blocked(error.message)
        case TelegramBadRequest() if any(each in text for each in _GONE):
            return Gone(error.message)
        case TelegramBadRequest() if any(each in text for each in _NO_RIGHT):
            return NotAllowed(error.message)
        case TelegramBadRequest():
            return error
        case _:
            return RetryLater(PAUSE_SECONDS)
