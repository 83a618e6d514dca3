"""Which updates were handled already, so that one that is delivered again says nothing twice.

One rule: Redis only spares words. Without it, or after it was wiped, an update is handled again, and the
idempotency keys and the open form's row see to it that nothing is done twice.
"""

import structlog
from aiogram.types import Update
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger()

KEPT_SECONDS = 24 * 3600


class DoneUpdates:
    """The updates of one bot that were handled to their end."""

    def __init__(self, bot_id: int, redis: "Redis | None") -> None:
        self._bot_id = bot_id
        self._redis = redis

    async def has(self, update: Update) -> bool:
        """Whether this update was handled to its end."""
        if self._redis is None:
            return False
        try:
            return bool(await self._redis.exists(self._key(update)))
        except RedisError:
            return False

    async def add(self, update: Update) -> None:
        """Call when everything an update asked for is done and told."""
        if self._redis is None:
            return
        try:
            await self._redis.set(self._key(update), b"", ex=KEPT_SECONDS)
        except RedisError as error:
            log.warning("update.not_marked", why=type(error).__name__)

    async def close(self) -> None:
        if self._redis is not None:
            await self._redis.aclose()

    def _key(self, update: Update) -> str:
        return f"parley:tg:{self._bot_id}:done:{update.update_id}"


def done_updates(bot_id: int, redis_url: str) -> DoneUpdates:
    """With the Redis of this address; an empty address means without."""
    return DoneUpdates(bot_id, Redis.from_url(redis_url, socket_timeout=2) if redis_url else None)
