"""Verifying the log: every row is what was hashed, every link follows from the one before, none is missing.

One rule: nothing is believed; the canonical text must say what the columns say, the digest must be its hash,
the chain must follow, positions must have no gap, and every checkpoint's chain value must still be there.
"""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.log.append import canonical_text
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
class Verdict:
    """Whether the log holds, and the first place where it does not."""

    ok: bool
    events: int
    unsealed: int
    head: bytes | None
    first_bad_position: int | None
    problem: str | None
    checkpoint_position: int | None


async def verify(connection: AsyncConnection) -> Verdict:
    """Walk the whole log once."""
    marks = {
        row.size: row.chain
        for row in await connection.execute(select(checkpoints.c.size, checkpoints.c.chain))
    }
    chain, position, problem, bad = GENESIS, 0, None, None
    async for row in _sealed(connection):
        position += 1
        problem = _problem(row, position, chain, marks)
        if problem is not None:
            bad = position
            break
        chain = row.chain
    last_mark = max(marks, default=None)
    if problem is None and last_mark is not None and last_mark > position:
        problem, bad = "the log is shorter than its last checkpoint", position + 1
    unsealed = await connection.scalar(
        select(func.count()).select_from(audit_events).where(_E.position.is_(None))
    )
    return Verdict(
        ok=problem is None,
        events=position,
        unsealed=unsealed or 0,
        head=chain if position else None,
        first_bad_position=bad,
        problem=problem,
        checkpoint_position=last_mark,
    )


async def _sealed(connection: AsyncConnection) -> AsyncIterator[Row[Any]]:
    rows = await connection.stream(
        select(audit_events)
        .where(_E.position.is_not(None))
        .order_by(_E.position)
        .execution_options(yield_per=1000)
    )
    async for row in rows:
        yield row


def _problem(row: Row[Any], position: int, chain: bytes, marks: dict[int, bytes]) -> str | None:
    if row.position != position:
        return f"position {position} is missing"
    if canonical_text({name: getattr(row, name) for name in _HASHED}) != row.canonical:
        return "a column was changed after it was hashed"
    if hashlib.sha256(row.canonical.encode()).digest() != row.digest:
        return "the canonical text was changed after it was hashed"
    if next_link(chain, row.digest) != row.chain:
        return "the chain does not follow from the event before"
    if position in marks and marks[position] != row.chain:
        return "the chain differs from a published checkpoint"
    return None
