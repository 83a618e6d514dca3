"""One range of the log, checked by PostgreSQL: one statement reads its rows, compares and hashes them.

One rule: a row that the statement does not find right is not yet wrong; ``core/log/verify_rows.py`` decides.

The statement's functions and operators are looked up in ``pg_catalog`` alone: elsewhere somebody could have put a
``sha256`` that says what they want.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import text

from core.db.connection import Connection
from core.log.seal import GENESIS

BLOCK_HEIGHT = 6
BLOCK = 1 << BLOCK_HEIGHT
"""Leaves of one Merkle subtree that PostgreSQL hashes; ranges begin where one begins."""
RANGE = 512 * BLOCK
"""Positions in one statement: some tenths of a second, and a megabyte of hashes at most."""

_SETTINGS = {
    "search_path": "pg_catalog",
    "statement_timeout": "60s",
    "max_parallel_workers_per_gather": "0",
    "work_mem": "16MB",
}
_CHANGE = text("SELECT " + ", ".join(f"set_config('{name}', :{name}, true)" for name in _SETTINGS))
_CURRENT = text("SELECT " + ", ".join(f"current_setting('{name}') AS {name}" for name in _SETTINGS))

_CHECK = """
SELECT (position - 1) / {block} AS number, max(position) AS last,
    array_agg(position) FILTER (WHERE proven IS NOT TRUE) AS unproven,
    {leaves} AS leaves
FROM (
    SELECT position, digest, content_proven
        AND position = 1 + coalesce(lag(position) OVER places, CASE WHEN position = 1 THEN 0 END)
        AND chain = sha256(
            coalesce(lag(chain) OVER places, CASE WHEN position = 1 THEN CAST(:genesis AS bytea) END) || digest
        ) AS proven
    FROM (
        SELECT position, digest, chain,
            CASE WHEN position <= CAST(:known AS bigint) THEN true
                WHEN position >= CAST(:first AS bigint)
                THEN sha256(convert_to(canonical, 'UTF8')) = digest AND canonical = {canonical} END
            AS content_proven
        FROM public.audit_events WHERE position BETWEEN CAST(:first AS bigint) - 1 AND CAST(:last AS bigint)
    ) AS compared
    WINDOW places AS (ORDER BY position)
) AS checked
WHERE position >= CAST(:first AS bigint)
GROUP BY 1 ORDER BY 1
"""
_LEAVES = "string_agg(sha256('\\x00'::bytea || digest), ''::bytea)"
_HASHED = """
SELECT number, last, unproven,
    CASE WHEN number = ANY(CAST(:opened AS bigint[])) THEN leaves END AS leaves,
    CASE WHEN octet_length(leaves) = {size} THEN nodes{height}.nodes END AS root
FROM ({blocks}) AS blocks
{levels}
ORDER BY number
"""
_LEVEL = """
CROSS JOIN LATERAL (
    SELECT string_agg(sha256('\\x01'::bytea || substr({below}, 64 * node + 1, 64)), ''::bytea) AS nodes
    FROM generate_series(0, {last}) AS node
) AS nodes{height}
"""


@asynccontextmanager
async def own_settings(connections: Sequence[Connection]) -> AsyncIterator[None]:
    """The settings of a verification for these transactions; afterwards the ones before.

    After an error there is nothing to set back: the transactions are over.
    """
    before = []
    for connection in connections:
        row = (await connection.execute(_CURRENT)).one()
        before.append({name: getattr(row, name) for name in _SETTINGS})
        await connection.execute(_CHANGE, _SETTINGS)
    yield
    for connection, settings in zip(connections, before, strict=True):
        await connection.execute(_CHANGE, settings)


@dataclass(frozen=True)
class Range:
    """Positions ``first`` to ``last``; ``opened`` are the numbers of blocks whose leaves are wanted one by one."""

    first: int
    last: int
    known: int
    opened: Collection[int]


@dataclass(frozen=True)
class Block:
    """The rows of one Merkle subtree: the last position, those to look at again, and the hashes."""

    number: int
    last: int
    unproven: Sequence[int]
    leaves: Sequence[bytes]
    root: bytes | None


def range_statement(canonical: str, *, hashed: bool) -> str:
    """The statement for all ranges; ``hashed`` when there are checkpoints to compare roots with."""
    blocks = _CHECK.format(block=BLOCK, canonical=canonical, leaves=_LEAVES if hashed else "NULL::bytea")
    if not hashed:
        return f"SELECT blocks.*, NULL::bytea AS root FROM ({blocks}) AS blocks ORDER BY number"
    levels = "".join(
        _LEVEL.format(
            below="leaves" if height == 1 else f"nodes{height - 1}.nodes",
            last=(BLOCK >> height) - 1,
            height=height,
        )
        for height in range(1, BLOCK_HEIGHT + 1)
    )
    return _HASHED.format(size=32 * BLOCK, height=BLOCK_HEIGHT, blocks=blocks, levels=levels)


async def check_range(connection: Connection, statement: str, wanted: Range) -> list[Block]:
    """The blocks of this range that have rows, in order."""
    facts = {"first": wanted.first, "last": wanted.last, "known": wanted.known, "genesis": GENESIS}
    if "(:opened" in statement:
        facts["opened"] = list(wanted.opened)
    rows = await connection.execute(text(statement), facts)
    return [Block(row.number, row.last, row.unproven or (), _split(row.leaves), row.root) for row in rows]


def _split(leaves: bytes | None) -> Sequence[bytes]:
    return [leaves[at : at + 32] for at in range(0, len(leaves), 32)] if leaves else ()
