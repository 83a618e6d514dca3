"""Which updates were handled already, so that one that is delivered again says nothing twice.

    this process    what it handled itself, also while Redis is away: the platform was told too late, and asks again
    Redis           what any process of this bot handled, also before a restart

One rule: this only spares repeated messages. An update that neither of them knows is handled again, and the
idempotency keys and the open form's row see to it that nothing is done twice.
"""

from collections import OrderedDict

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger()

REMEMBERED_SECONDS, MAX_REMEMBERED = 24 * 3600, 10_000
"""In Redis; in the process, which needs them for the minutes until an update no longer comes again."""


class HandledUpdates:
    """The updates of one bot, by the platform's own ids, that were handled to their end."""

    def __init__(self, bot: str, redis: "Redis | None") -> None:
        """``bot`` is how the keys of this bot begin: ``tg:<bot>``, ``sl:<app>``."""
        self.bot = bot
        self.redis = redis
        self._own: OrderedDict[str, None] = OrderedDict()

    async def contains(self, update_id: str) -> bool:
        """Whether this update was handled to its end."""
        if update_id in self._own:
            return True
        if self.redis is None:
            return False
        try:
            return bool(await self.redis.exists(self._key(update_id)))
        except RedisError:
            return False

    async def add(self, update_id: str) -> None:
        """Call when everything that an update asked for is done and answered."""
        self._own[update_id] = None
        if len(self._own) > MAX_REMEMBERED:
            self._own.popitem(last=False)
        if self.redis is None:
            return
        try:
            await self.redis.set(self._key(update_id), b"", ex=REMEMBERED_SECONDS)
        except RedisError as error:
            log.warning("update.not_marked", why=type(error).__name__)

    async def close(self) -> None:
        if self.redis is not None:
            await self.redis.aclose()

    def _key(self, update_id: str) -> str:
        return f"parley:{self.bot}:done:{update_id}"


def handled_updates(bot: str, redis_url: str) -> HandledUpdates:
    """With the Redis of this address; an empty address means without."""
    return HandledUpdates(bot, Redis.from_url(redis_url, socket_timeout=2) if redis_url else None)
