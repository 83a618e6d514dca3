"""How fast a bot may send: to one chat, and to all of them together.

One rule: the bucket is shared through Redis when there is one; without it, or after it was wiped, each process
has its own bucket, and the platform's 429 decides.
"""

import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

_ACQUIRE = """
local now = redis.call('TIME')
local t = now[1] + now[2] / 1000000
local due = tonumber(redis.call('GET', KEYS[1]) or '0')
if due < t then due = t end
local wait = due - t - tonumber(ARGV[2])
if wait <= 0 then
  redis.call('SET', KEYS[1], string.format('%.6f', due + tonumber(ARGV[1])), 'PX', 120000)
  return '0'
end
return string.format('%.6f', wait)
"""

_PAUSE = """
local now = redis.call('TIME')
local t = now[1] + now[2] / 1000000 + tonumber(ARGV[1])
local due = tonumber(redis.call('GET', KEYS[1]) or '0')
if due < t then
  redis.call('SET', KEYS[1], string.format('%.6f', t), 'PX', math.ceil((tonumber(ARGV[1]) + 120) * 1000))
end
return '0'
"""


@dataclass(frozen=True)
class SendRate:
    """One every ``every`` seconds, after a burst that takes ``slack`` seconds to earn again."""

    interval: float
    burst: float


SHORTEST_WAIT_SECONDS = 0.001
"""A wait that no clock can keep is none."""


class SendRateLimiter:
    """Buckets by name; ``wait`` says how long until the next may go."""

    def __init__(
        self, overall: SendRate, redis: Redis | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``every`` is for all chats together."""
        self._overall = overall
        self._redis = redis
        self._clock = clock
        self._due_at: dict[str, float] = {}

    async def acquire(self, bot: str, chat_id: str, rate: SendRate) -> float:
        """Seconds until a message to this chat, which takes ``own``, may go; 0 takes its place."""
        waits = await self._acquire(f"parley:pace:{bot}:{chat_id}", rate)
        return waits or await self._acquire(f"parley:pace:{bot}", self._overall)

    async def pause(self, bot: str, chat_id: str, rate: SendRate, seconds: float) -> None:
        """The platform asked for a pause: nobody sends to this chat before it is over."""
        name = f"parley:pace:{bot}:{chat_id}"
        if self._redis is not None:
            with contextlib.suppress(RedisError):
                await cast("Awaitable[bytes]", self._redis.eval(_PAUSE, 1, name, str(seconds + rate.burst)))
        self._due_at[name] = max(self._due_at.get(name, 0.0), self._clock() + seconds + rate.burst)

    async def _acquire(self, name: str, rate: SendRate) -> float:
        if self._redis is not None:
            try:
                answer = cast(
                    "Awaitable[bytes]",
                    self._redis.eval(_ACQUIRE, 1, name, str(rate.interval), str(rate.burst)),
                )
                return float(await answer)
            except RedisError:
                return self._acquire_local(name, rate)
        return self._acquire_local(name, rate)

    def _acquire_local(self, name: str, rate: SendRate) -> float:
        now = self._clock()
        due = max(self._due_at.get(name, 0.0), now)
        wait = due - now - rate.burst
        if wait > SHORTEST_WAIT_SECONDS:
            return wait
        self._due_at[name] = due + rate.interval
        if len(self._due_at) > 10_000:
            self._due_at = {key: when for key, when in self._due_at.items() if when > now}
        return 0.0
