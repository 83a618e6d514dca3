"""Waiting in the relay: for a NOTIFY from an api, or until the next poll is due."""

import asyncio

import asyncpg
import structlog

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
                connection = await asyncpg.connect(self._url, timeout=10)
            except (OSError, TimeoutError, asyncpg.PostgresError) as error:
                log.warning("wakeup.away", why=type(error).__name__)
                await asyncio.sleep(RECONNECT_SECONDS)
                continue
            broken = asyncio.Event()
            connection.add_termination_listener(lambda _, gone=broken: gone.set())
            await connection.add_listener(NOTIFY_CHANNEL, lambda *_: self._notified.set())
            try:
                await broken.wait()
            finally:
                connection.terminate()

    async def wait(self, seconds: float) -> None:
        """Until a notification arrives, at most this long."""
        try:
            await asyncio.wait_for(self._notified.wait(), seconds)
        except TimeoutError:
            return
        finally:
            self._notified.clear()
