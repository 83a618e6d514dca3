"""How often somebody may try: counted in memory over a sliding window, so that losing Redis opens nothing."""

import time
from collections import deque
from dataclasses import dataclass

from core.kernel.errors import RateLimited


@dataclass(frozen=True)
class Limit:
    """So many in so many seconds."""

    times: int
    seconds: int


LOGIN = Limit(10, 900)
UPLOADS = Limit(60, 3600)


class Limits:
    """The tries of the last while, per key."""

    def __init__(self) -> None:
        self._tries: dict[str, deque[float]] = {}

    def take(self, key: str, limit: Limit) -> None:
        """Count one try, or refuse with the seconds to wait."""
        now = time.monotonic()
        tries = self._tries.setdefault(key, deque())
        while tries and tries[0] <= now - limit.seconds:
            tries.popleft()
        if len(tries) >= limit.times:
            raise RateLimited(retry_after=max(1, int(tries[0] + limit.seconds - now) + 1))
        tries.append(now)
        if len(self._tries) > 10_000:
            self._tries = {name: kept for name, kept in self._tries.items() if kept and kept[-1] > now - 3600}

    def forget(self, key: str) -> None:
        """A success clears the slate."""
        self._tries.pop(key, None)
