"""The numbers that events get when they are written (``seq``): one that is missing was cut off, or deleted unsealed.

One rule: a number is missing only when no transaction could still bring it.

A transaction that ends between its last statement and its commit, because its process or the database was killed,
leaves a number without an event. So a missing number alone is told and accuses nobody; together with rows that
PostgreSQL has counted as deleted, which no login of ours can do, an event was taken away.
"""

import asyncio
from dataclasses import dataclass

from sqlalchemy import text

from core.db.connection import Connection

MOST_TOLD = 100
_LOOKS = 20
_LOOK_SECONDS = 0.05
PIECE = 1_000_000
"""Events that one statement counts: a second at most, however long the log is."""
_DRAWN = text(
    """
    SELECT greatest(
        (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM public.audit_events_seq_seq),
        (SELECT max(seq) FROM public.audit_events)
    )
    """
)
_WRITING = text(
    """
    SELECT virtualtransaction FROM pg_locks
    WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND relation = CAST('public.audit_events' AS regclass)
    AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()
    """
)
_COUNT = text(
    """
    SELECT count(*) AS arrived, max(seq) AS last FROM (
        SELECT seq FROM public.audit_events WHERE seq > :after AND seq <= :drawn ORDER BY seq LIMIT :piece
    ) AS piece
    """
)
_MISSING = text(
    f"""
    SELECT number FROM (
        SELECT seq, lag(seq, 1, CAST(:after AS bigint)) OVER (ORDER BY seq) AS before FROM (
            SELECT seq FROM public.audit_events WHERE seq > :after AND seq <= :last
            UNION ALL SELECT CAST(:last AS bigint) + 1
        ) AS arrived
    ) AS neighbours
    CROSS JOIN LATERAL generate_series(before + 1, least(seq - 1, before + {MOST_TOLD})) AS number
    WHERE seq > before + 1 ORDER BY number LIMIT {MOST_TOLD}
    """
)
_AFTER = text(
    "SELECT position FROM public.audit_events WHERE seq > :number AND position IS NOT NULL ORDER BY seq LIMIT 1"
)
_DELETED = text("SELECT pg_stat_get_tuples_deleted(CAST('public.audit_events' AS regclass)) > 0")


@dataclass(frozen=True)
class MissingNumbers:
    """The first hundred; ``deleted`` when PostgreSQL has counted deleted rows of the log.

    ``position`` is that of the next number's event, before which the first one's would stand; None at the end.
    """

    numbers: tuple[int, ...] = ()
    deleted: bool = False
    position: int | None = None


async def missing_numbers(connection: Connection) -> MissingNumbers:
    """The numbers that were drawn and have no event; none while others have been writing for a second."""
    drawn = await connection.scalar(_DRAWN)
    if not drawn or not await _are_written(connection):
        return MissingNumbers()
    numbers = await _up_to(connection, drawn)
    if not numbers:
        return MissingNumbers()
    position = await connection.scalar(_AFTER, {"number": numbers[0]})
    return MissingNumbers(tuple(numbers), bool(await connection.scalar(_DELETED)), position)


async def _up_to(connection: Connection, drawn: int) -> list[int]:
    """The first hundred without an event; a piece with as many events as numbers is not looked at again."""
    missing: list[int] = []
    after = 0
    while after < drawn and len(missing) < MOST_TOLD:
        facts = {"after": after, "drawn": drawn, "piece": PIECE}
        counted = (await connection.execute(_COUNT, facts)).one()
        last = counted.last if counted.arrived == PIECE else drawn
        if counted.arrived < last - after:
            missing += await connection.scalars(_MISSING, {"after": after, "last": last})
        after = last
    return missing[:MOST_TOLD]


async def _are_written(connection: Connection) -> bool:
    """Wait until the transactions that write now have ended: later ones draw later numbers."""
    writing = set(await connection.scalars(_WRITING))
    for _ in range(_LOOKS):
        if not writing:
            return True
        await asyncio.sleep(_LOOK_SECONDS)
        writing &= set(await connection.scalars(_WRITING))
    return not writing
