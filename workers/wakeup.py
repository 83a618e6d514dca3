"""Waiting in the relay: for a NOTIFY from an api, or until the next poll is due."""

import asyncio
import contextlib

import asyncpg
import structlog

from core.db.connection import DATABASE_ERRORS
from core.log.channel import NOTIFY_CHANNEL

log = structlog.get_logger()

RECONNECT_SECONDS = 1.0


class Wakeup:
    """Waits for a notification, or for the poll's time."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._notified = asyncio.Event()

    async def listen(self) -> None:
        """Until cancelled: keep one listening connection, and make a new one when it breaks."""
        while True:
            try:
                await self._listen_once()
            except DATABASE_ERRORS as error:
                log.warning("wakeup.away", why=type(error).__name__)
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen_once(self) -> None:
        """Until the connection breaks."""
        connection = await asyncpg.connect(self._url, timeout=10)
        try:
            broken = asyncio.Event()
            connection.add_termination_listener(lambda _: broken.set())
            await connection.add_listener(NOTIFY_CHANNEL, lambda *_: self._notified.set())
            await broken.wait()
        finally:
            connection.terminate()

    async def wait(self, seconds: float) -> None:
        """Until a notification arrives, at most this long."""
        with contextlib.suppress(TimeoutError):
            # not wait_for, which keeps a cancellation to itself when it is notified too
            async with asyncio.timeout(seconds):
                await self._notified.wait()
        self._notified.clear()
