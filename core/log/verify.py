"""Verifying the log: no row was changed, none is missing, and none was added in between.

One rule: nothing is trusted. The canonical text must match the columns, the digest must be its hash, the chain must
follow, positions must have no gap, and the log up to each checkpoint must have the root that was signed.

Whoever rewrites the database can rewrite the checkpoints in it, but not those that are kept elsewhere.
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from core.db.connection import Connection, Row
from core.log.append import canonical_text
from core.log.checkpoint import Checkpoint
from core.log.merkle import MerkleTree
from core.log.seal import GENESIS, next_link
from core.log.tables import audit_events, checkpoints

_E = audit_events.c
_HASHED = (
    "id",
    "occurred_at",
    "type",
    "actor",
    "actor_kind",
    "on_behalf_of",
    "channel",
    "chat_id",
    "message_id",
    "subject_kind",
    "subject_id",
    "subject_version",
    "request_id",
    "correlation_id",
    "causation_id",
    "data",
)


@dataclass(frozen=True)
class Verification:
    """Whether the log is intact, and the first position where it is not."""

    ok: bool
    events: int
    unsealed: int
    head: bytes | None
    first_bad_position: int | None
    problem: str | None
    checkpoint_position: int | None


@dataclass
class _KnownCheckpoints:
    """The chain values and roots that were published, by the size of the log at the time."""

    chains: dict[int, bytes] = field(default_factory=dict)
    roots: dict[int, set[bytes]] = field(default_factory=dict)

    def add(self, size: int, root: bytes) -> None:
        self.roots.setdefault(size, set()).add(root)

    def holds(self, size: int, chain: bytes, tree: MerkleTree) -> bool:
        roots = self.roots.get(size)
        return roots is None or (self.chains.get(size, chain) == chain and roots == {tree.root()})


async def verify(connection: Connection, trusted: Sequence[Checkpoint] = ()) -> Verification:
    """Read the whole log once; ``trusted`` are checkpoints that were kept outside the database."""
    published = await _known_checkpoints(connection, trusted)
    chain, position, problem, bad = GENESIS, 0, None, None
    tree = MerkleTree()
    async for row in _sealed(connection):
        position += 1
        tree.extend([row.digest])
        problem = _problem(row, position, chain)
        if problem is None and not published.holds(position, row.chain, tree):
            problem = "the log differs from a published checkpoint"
        if problem is not None:
            bad = position
            break
        chain = row.chain
    checkpoint_position = max(published.roots, default=None)
    if problem is None and checkpoint_position is not None and checkpoint_position > position:
        problem, bad = "the log is shorter than its last checkpoint", position + 1
    unsealed = await connection.scalar(
        select(func.count()).select_from(audit_events).where(_E.position.is_(None))
    )
    return Verification(
        ok=problem is None,
        events=position,
        unsealed=unsealed or 0,
        head=chain if position else None,
        first_bad_position=bad,
        problem=problem,
        checkpoint_position=checkpoint_position,
    )


async def _known_checkpoints(connection: Connection, trusted: Sequence[Checkpoint]) -> _KnownCheckpoints:
    published = _KnownCheckpoints()
    for row in await connection.execute(select(checkpoints.c.size, checkpoints.c.root, checkpoints.c.chain)):
        published.add(row.size, row.root)
        published.chains[row.size] = row.chain
    for each in trusted:
        published.add(each.size, each.root)
    return published


async def _sealed(connection: Connection) -> AsyncIterator[Row]:
    rows = connection.stream(select(audit_events).where(_E.position.is_not(None)).order_by(_E.position))
    async for row in rows:
        yield row


def _problem(row: Row, position: int, chain: bytes) -> str | None:
    if row.position != position:
        return f"position {position} is missing"
    if not _matches_canonical(row):
        return "a column was changed after it was hashed"
    if hashlib.sha256(row.canonical.encode()).digest() != row.digest:
        return "the canonical text was changed after it was hashed"
    if next_link(chain, row.digest) != row.chain:
        return "the chain does not follow from the event before"
    return None


def _matches_canonical(row: Row) -> bool:
    """False also for values without a canonical form, such as a number beyond 2^53: we never hash those."""
    try:
        return canonical_text({name: getattr(row, name) for name in _HASHED}) == str(row.canonical)
    except (ValueError, OverflowError):
        return False
