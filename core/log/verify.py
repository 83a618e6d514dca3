"""Verifying the log: no row was changed, none is missing, and none was added in between.

One rule: nothing is trusted. The canonical text must match the columns, the digest must be its hash, the chain must
follow, positions must have no gap, and the log up to each checkpoint must have the root that was signed.

PostgreSQL compares and hashes, range by range, on one connection or several; Python looks again at each row that was
not found right there, and at the roots. The event loop is never held for more than a few milliseconds.

Whoever rewrites the database can rewrite the checkpoints in it, but not what witnesses keep elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from core.db.connection import Connection
from core.log.epochs import LostPositions, lost_positions, still_valid
from core.log.missing_numbers import MissingNumbers, missing_numbers
from core.log.seal import GENESIS
from core.log.verify_pass import DATABASE, KnownCheckpoints, VerifyPass
from core.log.verify_ranges import RANGE, own_settings
from core.log.verify_rows import LogFault
from core.log.witnesses import START, LogHead, Witness

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
class Verification:
    """Whether the log is intact, and the first position where it is not.

    Up to ``after`` the events' texts were not compared again; 0 when all were. ``missing_numbers`` were drawn for
    events that never arrived, or are gone (core/log/missing_numbers.py). ``witnesses`` are those that were asked.
    ``lost`` are positions of earlier epochs that restores have lost (core/log/epochs.py).
    """

    ok: bool
    events: int
    unsealed: int
    head: bytes | None
    first_bad_position: int | None
    problem: str | None
    checkpoint_position: int | None
    after: int = 0
    missing_numbers: tuple[int, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    lost: tuple[LostPositions, ...] = ()


async def verify(
    connection: Connection,
    witnesses: Sequence[Witness] = (),
    *,
    helpers: Sequence[Connection] = (),
    after: LogHead = START,
    range_size: int = RANGE,
) -> Verification:
    """Verify the whole log, also against what witnesses keep outside the database.

    ``helpers`` are more connections to work on at the same time. With ``after``, a head that was also kept outside,
    events up to it are only checked for their digests, chain and roots.
    """
    async with own_settings([connection, *helpers]):
        lost = await lost_positions(connection)
        published = await _known_checkpoints(connection, witnesses, lost)
        bounds = (await connection.execute(_BOUNDS)).one()
        last = max(bounds.last or 0, 0)
        checked = VerifyPass(published, last, known=after.position, range_size=range_size)
        if bounds.first is not None and bounds.first < 1:
            checked.finding = LogFault(1, "position 1 is missing")
        await checked.run([connection, *helpers])
        numbers = await missing_numbers(connection)
        others = await _contradictions(connection, witnesses, after, last)
        finding = _first(checked.finding, *others) or _deleted(numbers, last)
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
            missing_numbers=numbers.numbers,
            witnesses=tuple(witnesses),
            lost=lost,
        )


def _first(*findings: LogFault | None) -> LogFault | None:
    return min((each for each in findings if each), key=lambda each: each.position, default=None)


async def _known_checkpoints(
    connection: Connection, witnesses: Sequence[Witness], lost: Sequence[LostPositions]
) -> KnownCheckpoints:
    published = KnownCheckpoints()
    for row in await connection.execute(_CHECKPOINTS):
        published.add(row.size, row.root, DATABASE)
        published.chains[row.size] = row.chain
    for witness in witnesses:
        for each in still_valid(witness.checkpoints, lost):
            published.add(each.size, each.root, witness.name)
    return published


async def _contradictions(
    connection: Connection, witnesses: Sequence[Witness], after: LogHead, last: int
) -> list[LogFault | None]:
    """What the kept heads contradict, and files that hold no checkpoint."""
    heads = [(after, "at its last verification")]
    heads += [(head, f"as {each.name} saw it") for each in witnesses for head in each.heads]
    found = [await _differs_from(connection, head, last, when) for head, when in heads]
    return [*found, *(_unreadable(each, last) for each in witnesses)]


def _unreadable(witness: Witness, last: int) -> LogFault | None:
    """A file that should hold a checkpoint and does not is evidence too: at the size in its name, else at the end."""
    size = witness.first_unreadable_size
    if size is None:
        return None
    problem = f"{witness.name} has {witness.unreadable[0]}, which no key of ours has signed"
    return LogFault(max(min(size or last, last), 1), problem)


def _deleted(found: MissingNumbers, last: int) -> LogFault | None:
    if not found.numbers or not found.deleted:
        return None
    place = last + 1 if found.position is None else found.position
    return LogFault(place, f"the event with number {found.numbers[0]} was deleted before it was sealed")


async def _differs_from(connection: Connection, seen: LogHead, last: int, when: str) -> LogFault | None:
    """Whether the log at ``seen`` is another one than when its chain value was noted."""
    if seen.position > last:
        return LogFault(last + 1, f"the log is shorter than {when}")
    if await _head(connection, seen.position) != seen.chain:
        return LogFault(seen.position, f"the log differs from what it was {when}")
    return None


async def _head(connection: Connection, position: int) -> bytes | None:
    """The chain value at a position."""
    if position == 0:
        return GENESIS
    chain: bytes | None = await connection.scalar(_CHAIN, {"position": position})
    return chain
