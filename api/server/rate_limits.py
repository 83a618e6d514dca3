"""Rate limits.

One rule: attempts are counted in memory over a sliding window, so that losing Redis lifts no limit.
"""

import time
from collections import deque
from dataclasses import dataclass

from core.kernel.errors import RateLimited


@dataclass(frozen=True)
class RateLimit:
    """At most ``count`` attempts in ``seconds``."""

    count: int
    seconds: int


LOGIN = RateLimit(10, 900)
UPLOADS = RateLimit(60, 3600)


class RateLimiter:
    """The recent attempts, per key."""

    def __init__(self) -> None:
        self._attempts: dict[str, deque[float]] = {}

    def check(self, key: str, limit: RateLimit) -> None:
        """Count one attempt, or refuse with the seconds to wait."""
        now = time.monotonic()
        attempts = self._attempts.setdefault(key, deque())
        while attempts and attempts[0] <= now - limit.seconds:
            attempts.popleft()
        if len(attempts) >= limit.count:
            raise RateLimited(retry_after=max(1, int(attempts[0] + limit.seconds - now) + 1))
        attempts.append(now)
        if len(self._attempts) > 10_000:
            self._attempts = {
                name: kept for name, kept in self._attempts.items() if kept and kept[-1] > now - 3600
            }

    def reset(self, key: str) -> None:
        """Forget the attempts after a success."""
        self._attempts.pop(key, None)
