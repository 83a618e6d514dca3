"""More connections for a verification, beside the caller's own: with them it uses more than one core of PostgreSQL.

One rule: one verification at a time has them; another one meanwhile works on its caller's connection alone, so that
verifications never take what commands and queries need.
"""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy import text

from core.db.connection import Connection
from core.db.engine import make_engine

_READ_ONLY = text("SET TRANSACTION READ ONLY")


def helper_count() -> int:
    """As many as make one connection per core, and three at most."""
    return max(1, min(3, (os.cpu_count() or 2) - 1))


class VerifyHelpers:
    """Opened when a verification needs them; closed when it ends."""

    def __init__(self, url: str, count: int | None = None) -> None:
        self._url = url
        self._count = helper_count() if count is None else count
        self._lent = False

    @asynccontextmanager
    async def borrow(self) -> AsyncIterator[Sequence[Connection]]:
        """The connections, each in a read-only transaction; none while somebody else has them."""
        if self._lent:
            yield ()
            return
        self._lent = True
        engine = make_engine(self._url, size=self._count, name="parley verify")
        try:
            async with AsyncExitStack() as stack:
                connections = []
                for _ in range(self._count):
                    connection = await stack.enter_async_context(engine.connect())
                    await connection.execute(_READ_ONLY)
                    connections.append(connection)
                yield connections
        finally:
            self._lent = False
            await engine.dispose()
