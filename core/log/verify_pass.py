"""One pass over the log: ranges are handed out to connections, their results are put together in the log's order.

One rule: no range above the first finding is begun, and every range below it is finished; so the first is the first.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import text

from core.db.connection import Connection
from core.log.merkle import MerkleTree
from core.log.rendering import canonical_expression, sampled_shapes
from core.log.verify_ranges import BLOCK, BLOCK_HEIGHT, Block, Range, check_range, range_statement
from core.log.verify_rows import LogFault, first_finding, missing

_CHAINS = text(
    "SELECT position, chain FROM public.audit_events WHERE position = ANY(CAST(:positions AS bigint[]))"
)
DATABASE = "the database"
_BLOCKS_PER_TURN = 16
"""Merkle subtrees between two turns of the event loop: at most some thousand hashes."""


@dataclass
class KnownCheckpoints:
    """The chain values and roots that were published, by the size of the log at the time.

    Each root with the names of those who keep it.
    """

    chains: dict[int, bytes] = field(default_factory=dict)
    roots: dict[int, dict[bytes, list[str]]] = field(default_factory=dict)

    @property
    def newest(self) -> int | None:
        return max(self.roots, default=None)

    def add(self, size: int, root: bytes, keeper: str) -> None:
        self.roots.setdefault(size, {}).setdefault(root, []).append(keeper)

    def keepers(self, size: int) -> str:
        """Who keeps a checkpoint of this size, in words."""
        names = (name for each in self.roots.get(size, {}).values() for name in each)
        return " and ".join(dict.fromkeys(names))

    def contradicting(self, size: int, chain: bytes | None, tree: MerkleTree) -> str:
        """Who keeps a checkpoint of this size that is not what the log has there; empty when nobody does."""
        roots = self.roots.get(size)
        if roots is None:
            return ""
        root = tree.root()
        names = [name for other, keepers in roots.items() if other != root for name in keepers]
        if self.chains.get(size, chain) != chain:
            names.append(DATABASE)
        return " and ".join(dict.fromkeys(names))


@dataclass(frozen=True)
class _RangeResult:
    blocks: Sequence[Block]
    chains: Mapping[int, bytes]
    finding: LogFault | None


class VerifyPass:
    """The state of one pass; ``finding`` is the first one when ``run`` returns."""

    def __init__(self, published: KnownCheckpoints, last: int, *, known: int, range_size: int) -> None:
        if range_size % BLOCK:
            raise ValueError("a range begins where a Merkle subtree begins")
        self.finding: LogFault | None = None
        self._published = published
        self._last = last
        self._known = known
        self._range_size = range_size
        self._sizes_by_block = _by_block(published.roots)
        self._tree = MerkleTree()
        self._results: dict[int, _RangeResult] = {}
        self._ranges = self._all_ranges()
        self._next = 1
        self._joining = asyncio.Lock()

    async def run(self, connections: Sequence[Connection]) -> None:
        """Go through the log on all these connections at once."""
        shapes = await sampled_shapes(connections[0], self._last)
        statement = range_statement(canonical_expression(shapes), hashed=bool(self._sizes_by_block))
        try:
            async with asyncio.TaskGroup() as tasks:
                for connection in connections:
                    tasks.create_task(self._work(connection, statement))
        except ExceptionGroup as failures:  # the first one says what failed; the others ended because of it
            raise failures.exceptions[0] from None
        newest = self._published.newest
        if self.finding is None and newest is not None and newest > self._last:
            keepers = self._published.keepers(newest)
            self.finding = LogFault(
                self._last + 1, f"the log is shorter than the checkpoint of {newest} events in {keepers}"
            )

    def _all_ranges(self) -> Iterator[Range]:
        """Lazily: somebody may have written any number as the last position."""
        for first in range(1, self._last + 1, self._range_size):
            last = min(first + self._range_size - 1, self._last)
            blocks = range((first - 1) // BLOCK, (last - 1) // BLOCK + 1)
            yield Range(first, last, self._known, [each for each in blocks if each in self._sizes_by_block])

    async def _work(self, connection: Connection, statement: str) -> None:
        while self.finding is None and (wanted := next(self._ranges, None)) is not None:
            blocks = await check_range(connection, statement, wanted)
            finding = await self._look_again(connection, wanted, blocks)
            sizes = [size for number in wanted.opened for size in self._sizes_by_block[number]]
            rows = await connection.execute(_CHAINS, {"positions": sizes}) if sizes else ()
            chains = {row.position: row.chain for row in rows}
            self._results[wanted.first] = _RangeResult(blocks, chains, finding)
            await self._join()

    async def _look_again(
        self, connection: Connection, wanted: Range, blocks: Sequence[Block]
    ) -> LogFault | None:
        """The first real problem of this range; rows of a shape that no expression has are usually right."""
        unproven = sorted({position for block in blocks for position in block.unproven})
        finding = await first_finding(connection, unproven, wanted.known)
        reached = blocks[-1].last if blocks else wanted.first - 1
        return missing(reached + 1) if finding is None and reached < wanted.last else finding

    async def _join(self) -> None:
        """Put the results together that follow each other, and compare the roots on the way."""
        async with self._joining:
            while self.finding is None and (result := self._results.pop(self._next, None)) is not None:
                self._next += self._range_size
                self.finding = await self._compare_roots(result) or result.finding

    async def _compare_roots(self, result: _RangeResult) -> LogFault | None:
        """A checkpoint before the range's own finding that the log contradicts."""
        end = result.finding.position if result.finding else self._last + 1
        for turn, block in enumerate(result.blocks):
            if turn % _BLOCKS_PER_TURN == 0:
                await asyncio.sleep(0)
            if block.number in self._sizes_by_block:
                contradicted = self._add_leaves(block, result.chains, end)
                if contradicted is not None:
                    return contradicted
            elif block.root is None or (block.number + 1) * BLOCK >= end:
                break
            else:
                self._tree.add(block.root, BLOCK_HEIGHT)
        return None

    def _add_leaves(self, block: Block, chains: Mapping[int, bytes], end: int) -> LogFault | None:
        for position, leaf in enumerate(block.leaves, start=block.number * BLOCK + 1):
            if position >= end:
                break
            self._tree.add(leaf)
            keepers = self._published.contradicting(position, chains.get(position), self._tree)
            if keepers:
                return LogFault(position, f"the log differs from the checkpoint of this size in {keepers}")
        return None


def _by_block(sizes: Mapping[int, object]) -> Mapping[int, list[int]]:
    blocks: dict[int, list[int]] = {}
    for size in sizes:
        if size > 0:
            blocks.setdefault((size - 1) // BLOCK, []).append(size)
    return blocks
