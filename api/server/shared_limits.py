"""Limits of attempts to come in, which all processes of the API count together, in PostgreSQL.

One rule: a process counts by itself too, and first: a flood is refused without asking the database, and while the
database is away nobody has more attempts than this process allows.
"""

import datetime as dt

import structlog

from api.server.rate_limits import LOGIN, OF_ACCOUNT, OF_HOST, RateLimit, RateLimiter
from core.db import attempts
from core.db.connection import DATABASE_ERRORS
from core.db.engine import Engine
from core.kernel.errors import RateLimited

log = structlog.get_logger()


class SharedRateLimiter:
    """The recent attempts at the doors, per address, account or person."""

    def __init__(self, engine: Engine, own: RateLimiter) -> None:
        self._engine = engine
        self._own = own

    async def check(self, key: str, limit: RateLimit) -> None:
        """Count one attempt, or refuse with the seconds to wait."""
        self._own.check(key, limit)
        window = dt.timedelta(seconds=limit.seconds)
        try:
            async with self._engine.autocommit() as connection:
                wait = await attempts.count_attempt(connection, key, limit.count, window)
        except DATABASE_ERRORS as error:
            log.warning("limits.counted_alone", why=type(error).__name__)
            return
        if wait is not None:
            raise RateLimited(retry_after=max(1, int(wait) + 1))

    async def reset(self, key: str) -> None:
        """Forget the attempts after a success."""
        self._own.reset(key)
        try:
            async with self._engine.autocommit() as connection:
                await attempts.forget(connection, key)
        except DATABASE_ERRORS as error:
            log.warning("limits.not_forgotten", why=type(error).__name__)

    async def check_login(self, host: str, email: str) -> None:
        """Count one attempt to log in, by any door: of this address, of this account, and of both together."""
        account = email.lower()
        await self.check(f"login:{host}", OF_HOST)
        await self.check(f"login:{account}:{host}", LOGIN)
        await self.check(f"login:{account}", OF_ACCOUNT)

    async def logged_in(self, host: str, email: str) -> None:
        """Forget this person's attempts after a success; whoever else tries from elsewhere is still counted."""
        await self.reset(f"login:{email.lower()}:{host}")
