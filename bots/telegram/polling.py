"""Polling, for a first try: no public address is needed.

One rule: Telegram forgets an update only when it and every one before it were handled; meanwhile people are
served side by side.
"""

import asyncio
import contextlib
from typing import Any

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramRetryAfter
from aiogram.types import Update

from bots.background import BackgroundTasks
from bots.update_metrics import heard

log = structlog.get_logger()

POLL_SECONDS = 10
BUSY_PAUSE_SECONDS = 0.2
"""Between two questions while something is in progress: Telegram then answers at once, with what we have already."""
MAX_PAUSE_SECONDS = 5.0


class Poller:
    """Asks one bot's updates and hands them to its dispatcher, which keeps each person's own in their order."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher, allowed_updates: list[str]) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._allowed_updates = allowed_updates
        self._tasks = BackgroundTasks()
        self._taken: dict[int, asyncio.Task[Any]] = {}
        """What Telegram has not forgotten yet, handled or in progress."""
        self._offset = self._confirmed = 0

    async def run(self, stop: asyncio.Event, drain_seconds: float) -> None:
        """Until ``stop`` is set; then what is in progress comes to its end, at most for so long.

        Raises what ended the polling before, so that whoever keeps the process running starts it again.
        """
        polling = self._tasks.start(self._poll())
        stopping = self._tasks.start(stop.wait())
        await asyncio.wait({polling, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        polling.cancel()
        await self._tasks.drain(drain_seconds)
        with contextlib.suppress(TelegramAPIError, ClientDecodeError):
            await self._confirm()
        with contextlib.suppress(asyncio.CancelledError):
            polling.result()

    async def _poll(self) -> None:
        pause = 0.2
        while True:
            try:
                updates = await self._ask()
                heard("telegram")
                self._take(updates)
            except (TelegramAPIError, ClientDecodeError) as error:
                log.warning("telegram.away", why=type(error).__name__)
                if isinstance(error, TelegramRetryAfter):
                    pause = float(error.retry_after)
                await asyncio.sleep(pause)
                pause = min(MAX_PAUSE_SECONDS, pause * 2)
            else:
                pause = 0.2
                await self._wait_while_busy()

    async def _ask(self) -> list[Update]:
        self._forget_handled()
        self._confirmed = self._offset
        return await self._bot.get_updates(
            offset=self._offset or None,
            timeout=0 if self._taken else POLL_SECONDS,
            allowed_updates=self._allowed_updates,
            request_timeout=POLL_SECONDS * 2,
        )

    def _take(self, updates: list[Update]) -> None:
        for update in updates:
            if update.update_id not in self._taken:
                work = self._dispatcher.feed_update(self._bot, update)
                self._taken[update.update_id] = self._tasks.start(work)

    def _forget_handled(self) -> None:
        """Move on to the first update that is still in progress; one that failed unforeseen is in the log."""
        for number in sorted(self._taken):
            if not self._taken[number].done():
                break
            del self._taken[number]
            self._offset = number + 1

    async def _wait_while_busy(self) -> None:
        running = {task for task in self._taken.values() if not task.done()}
        if running:
            await asyncio.wait(running, timeout=BUSY_PAUSE_SECONDS, return_when=asyncio.FIRST_COMPLETED)

    async def _confirm(self) -> None:
        """Tell Telegram what was handled last: nothing else would before the next start."""
        self._forget_handled()
        if self._offset > self._confirmed:
            await self._bot.get_updates(offset=self._offset, limit=1, timeout=0)
