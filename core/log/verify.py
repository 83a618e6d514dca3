"""Verifying the log: no row was changed, none is missing, and none was added in between.

One rule: nothing is trusted. The canonical text must match the columns, the digest must be its hash, the chain must
follow, positions must have no gap, and the log up to each checkpoint must have the root that was signed.

PostgreSQL compares and hashes, range by range, on one connection or several; Python looks again at each row that was
not found right there, and at the roots. The event loop is never held for more than a few milliseconds.

Whoever rewrites the database can rewrite the checkpoints in it, but not those that are kept elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from core.db.connection import Connection
from core.log.checkpoint import Checkpoint
from core.log.seal import GENESIS
from core.log.verify_pass import KnownCheckpoints, VerifyPass
from core.log.verify_ranges import RANGE, own_settings
from core.log.verify_rows import LogFault

_CHECKPOINTS = text("SELECT size, root, chain FROM public.checkpoints")
_BOUNDS = text(
    """
    SELECT (SELECT min(position) FROM public.audit_events) AS first,
        (SELECT max(position) FROM public.audit_events) AS last,
        (SELECT count(*) FROM public.audit_events WHERE position IS NULL) AS unsealed
    """
)
_CHAIN = text("SELECT chain FROM public.audit_events WHERE position = :position")


@dataclass(frozen=True)
class LogHead:
    """Where a verification ended and the chain value there, as its reader kept it."""

    position: int
    chain: bytes


START = LogHead(0, GENESIS)


@dataclass(frozen=True)
class Verification:
    """Whether the log is intact, and the first position where it is not.

    Up to ``after`` the events' texts were not compared again; 0 when all were.
    """

    ok: bool
    events: int
    unsealed: int
    head: bytes | None
    first_bad_position: int | None
    problem: str | None
    checkpoint_position: int | None
    after: int = 0


async def verify(
    connection: Connection,
    trusted: Sequence[Checkpoint] = (),
    *,
    helpers: Sequence[Connection] = (),
    after: LogHead = START,
    range_size: int = RANGE,
) -> Verification:
    """Verify the whole log; ``trusted`` are checkpoints that were kept outside the database.

    ``helpers`` are more connections to work on at the same time. With ``after``, a head that was also kept outside,
    events up to it are only checked for their digests, chain and roots.
    """
    async with own_settings([connection, *helpers]):
        published = await _known_checkpoints(connection, trusted)
        bounds = (await connection.execute(_BOUNDS)).one()
        last = max(bounds.last or 0, 0)
        checked = VerifyPass(published, last, known=after.position, range_size=range_size)
        if bounds.first is not None and bounds.first < 1:
            checked.finding = LogFault(1, "position 1 is missing")
        await checked.run([connection, *helpers])
        finding = _first(checked.finding, await _differs_from(connection, after, last))
        end = finding.position - 1 if finding is not None else last
        cut = finding is not None and finding.position > last
        return Verification(
            ok=finding is None,
            events=end + 1 if finding is not None and not cut else end,
            unsealed=bounds.unsealed,
            head=await _head(connection, end) if last else None,
            first_bad_position=finding.position if finding else None,
            problem=finding.problem if finding else None,
            checkpoint_position=published.newest,
            after=after.position,
        )


def _first(*findings: LogFault | None) -> LogFault | None:
    return min((each for each in findings if each), key=lambda each: each.position, default=None)


async def _known_checkpoints(connection: Connection, trusted: Sequence[Checkpoint]) -> KnownCheckpoints:
    published = KnownCheckpoints()
    for row in await connection.execute(_CHECKPOINTS):
        published.add(row.size, row.root)
        published.chains[row.size] = row.chain
    for each in trusted:
        published.add(each.size, each.root)
    return published


async def _differs_from(connection: Connection, after: LogHead, last: int) -> LogFault | None:
    """Whether the log at ``after`` is another one than when its chain value was noted."""
    if after.position > last:
        return LogFault(last + 1, "the log is shorter than at its last verification")
    if await _head(connection, after.position) != after.chain:
        return LogFault(after.position, "the log differs from what was verified last")
    return None


async def _head(connection: Connection, position: int) -> bytes | None:
    """The chain value at a position."""
    if position == 0:
        return GENESIS
    chain: bytes | None = await connection.scalar(_CHAIN, {"position": position})
    return chain
