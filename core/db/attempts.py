"""Attempts at something that strangers may try, counted for all processes together: one row per key.

One rule: one statement counts, under the row's lock, so that simultaneous attempts of any processes count as many.

The table is not in PostgreSQL's own log: no attempt waits for a disk, and a server that crashes forgets them. Keys are
hashed: which addresses and accounts were tried cannot be read from it.
"""

import datetime as dt
import hashlib

from sqlalchemy import ARRAY, Column, LargeBinary, Table, delete, text

from core.db.base import Moment, metadata
from core.db.compiled import Prebuilt
from core.db.connection import Connection

attempts = Table(
    "attempts",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("tried_at", ARRAY(Moment), nullable=False),
    Column("expires_at", Moment, nullable=False),
    prefixes=["UNLOGGED"],
)

_COUNT = Prebuilt(
    text(
        """
        INSERT INTO attempts AS known (key, tried_at, expires_at)
        VALUES (:key, ARRAY[now()], now() + CAST(:window AS interval))
        ON CONFLICT (key) DO UPDATE
          SET tried_at = ARRAY(
              SELECT t FROM unnest(known.tried_at) AS t WHERE t > now() - CAST(:window AS interval)
            ) || now(),
            expires_at = excluded.expires_at
          WHERE (
            SELECT count(*) FROM unnest(known.tried_at) AS t WHERE t > now() - CAST(:window AS interval)
          ) < :most
        RETURNING 1
        """
    )
)
_WAIT = Prebuilt(
    text(
        """
        SELECT extract(epoch FROM min(t) + CAST(:window AS interval) - now())
        FROM attempts, unnest(tried_at) AS t WHERE key = :key AND t > now() - CAST(:window AS interval)
        """
    )
)


async def count_attempt(connection: Connection, key: str, most: int, window: dt.timedelta) -> float | None:
    """Count one attempt; None when it was one of the ``most`` of this window, else the seconds until the next may be.

    By PostgreSQL's clock, each attempt in a transaction of its own.
    """
    facts = {"key": _hashed(key), "window": window}
    if await connection.scalar(_COUNT, {**facts, "most": most}) is not None:
        return None
    return float(await connection.scalar(_WAIT, facts) or 0)


async def forget(connection: Connection, key: str) -> None:
    """The attempts under this key count no longer."""
    await connection.execute(delete(attempts).where(attempts.c.key == _hashed(key)))


async def delete_expired(connection: Connection, now: dt.datetime) -> None:
    """Delete what no window contains any more."""
    await connection.execute(delete(attempts).where(attempts.c.expires_at < now))


def _hashed(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
