"""One lane per person: what somebody does is handled in the order in which it came.

One rule: a lane is forgotten when nobody waits in it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Lanes:
    def __init__(self) -> None:
        self._lanes: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def lane(self, whose: str) -> AsyncIterator[None]:
        """Wait until it is this one's turn."""
        lock, users = self._lanes.get(whose, (asyncio.Lock(), 0))
        self._lanes[whose] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._lanes.pop(whose)
            if users > 1:
                self._lanes[whose] = (lock, users - 1)
