"""Which updates were handled already, so that one that is delivered again says nothing twice.

One rule: Redis only spares repeated messages. Without it, or when it is empty, an update is handled again, and the
idempotency keys and the open form's row see to it that nothing is done twice.
"""

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger()

REMEMBERED_SECONDS = 24 * 3600


class HandledUpdates:
    """The updates of one bot, by the platform's own ids, that were handled to their end."""

    def __init__(self, bot: str, redis: "Redis | None") -> None:
        """``bot`` is how the keys of this bot begin: ``tg:<bot>``, ``sl:<app>``."""
        self._bot = bot
        self._redis = redis

    async def contains(self, update_id: str) -> bool:
        """Whether this update was handled to its end."""
        if self._redis is None:
            return False
        try:
            return bool(await self._redis.exists(self._key(update_id)))
        except RedisError:
            return False

    async def add(self, update_id: str) -> None:
        """Call when everything that an update asked for is done and answered."""
        if self._redis is None:
            return
        try:
            await self._redis.set(self._key(update_id), b"", ex=REMEMBERED_SECONDS)
        except RedisError as error:
            log.warning("update.not_marked", why=type(error).__name__)

    async def close(self) -> None:
        if self._redis is not None:
            await self._redis.aclose()

    def _key(self, update_id: str) -> str:
        return f"parley:{self._bot}:done:{update_id}"


def handled_updates(bot: str, redis_url: str) -> HandledUpdates:
    """With the Redis of this address; an empty address means without."""
    return HandledUpdates(bot, Redis.from_url(redis_url, socket_timeout=2) if redis_url else None)
