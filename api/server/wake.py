"""The relay's wake-up: one coalesced NOTIFY per five milliseconds and process, outside transactions.

One rule: it is only a hint, because the relay polls as well and a lost wake-up costs a second and nothing
else.

A NOTIFY inside the transactions would halve their rate.
"""

import asyncio

import structlog

from core.db.connection import DATABASE_ERRORS
from core.db.engine import Engine
from core.log.channel import NOTIFY_CHANNEL

log = structlog.get_logger()

PAUSE = 0.005


class Waker:
    """Collects wake-ups and notifies the relay."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._poked = asyncio.Event()

    def wake(self) -> None:
        """Report that there is something new in the log."""
        self._poked.set()

    async def run(self) -> None:
        """Until cancelled: wait for a wake-up, notify, pause."""
        while True:
            await self._poked.wait()
            self._poked.clear()
            try:
                async with self._engine.autocommit() as connection:
                    await connection.script(f"NOTIFY {NOTIFY_CHANNEL}")
            except DATABASE_ERRORS as error:
                log.warning("wake.lost", why=type(error).__name__)
            await asyncio.sleep(PAUSE)
