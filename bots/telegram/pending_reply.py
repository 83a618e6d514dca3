"""The reply that one update owes to whoever pressed or wrote.

One rule: a spinner ends in time, and what is to be said after that is a message; nothing is swallowed.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import structlog
from aiogram.enums import ChatType
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, Message, Update

from api.text import translate
from bots.background import BackgroundTasks
from bots.cards.sending import Blocked, Gone, NotAllowed, RetryLater
from bots.dialog.responder import with_retries
from bots.telegram.outbound import TelegramOutbound
from bots.telegram.render import visible_text

log = structlog.get_logger()

WAIT_SECONDS = 2.3
"""So long a person waits without a word."""
MAX_ALERT = 200
_UNDELIVERED = (TelegramAPIError, Blocked, Gone, NotAllowed, RetryLater)


class PendingReply:
    """One update's reply: under the button that was pressed, else in the private conversation."""

    def __init__(self, outbound: TelegramOutbound, update: Update, locale: Callable[[], str]) -> None:
        """``locale`` is asked when there is something to say: by then more may be known of the person."""
        event = update.callback_query or update.message or update.edited_message
        self.answers_press = update.callback_query is not None
        self._outbound = outbound
        self._spinning: CallbackQuery | None = update.callback_query
        self._person_id = str(event.from_user.id) if event is not None and event.from_user else ""
        self._is_awaited = self.answers_press or _is_private(update.message or update.edited_message)
        self._locale = locale
        self._overdue = False
        self._tasks = BackgroundTasks()

    async def say(self, text: str, *, alert: bool = False) -> None:
        """End the spinner with this; when it has ended, or nothing was pressed, send it as a message."""
        query, self._spinning = self._spinning, None
        if query is not None and await _answer(query, text, alert=alert):
            return
        if not text or not self._person_id:
            return
        try:
            await with_retries(lambda: self._outbound.text(self._person_id, text))
        except _UNDELIVERED as refused:
            log.warning("chat.untold", why=type(refused).__name__)

    @contextlib.asynccontextmanager
    async def in_time(self) -> AsyncIterator[None]:
        """Within it, whoever has waited too long hears that the outcome follows; nobody in a group waits for us."""
        if not self._is_awaited:
            yield
            return
        late = self._tasks.start(self._say_when_overdue())
        try:
            yield
        finally:
            if not self._overdue:
                late.cancel()
            await self._tasks.drain(WAIT_SECONDS)

    async def _say_when_overdue(self) -> None:
        await asyncio.sleep(WAIT_SECONDS)
        self._overdue = True
        await self.say(translate("errors.still_working", self._locale()))


def _is_private(message: Message | None) -> bool:
    return message is not None and message.chat.type == ChatType.PRIVATE


async def _answer(query: CallbackQuery, text: str, *, alert: bool) -> bool:
    """End the spinner; false when that is not possible any more, and the text was not read."""
    cleaned = visible_text(text)
    try:
        await query.answer(
            (cleaned if len(cleaned) <= MAX_ALERT else f"{cleaned[: MAX_ALERT - 1]}…") or None,
            show_alert=alert or None,
        )
    except TelegramAPIError as refused:
        log.info("press.not_answered", why=type(refused).__name__)
        return False
    return True
