"""Looking at single rows of the log: what is wrong with the rows that PostgreSQL alone did not find right.

One rule: this is the check that counts; each row's canonical text, digest and chain are made again in Python.
"""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from core.db.connection import Connection, Row
from core.log.append import canonical_text
from core.log.rendering import CERTAIN_TIME
from core.log.seal import GENESIS, next_link

_BATCH = 100
"""Rows between two turns of the event loop: a few milliseconds."""
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
)
_ROWS = text(
    f"""
    SELECT event.position, event.canonical, event.digest, event.chain, event.data::text AS data,
        event.id::text, CASE WHEN {CERTAIN_TIME} THEN event.occurred_at END AS occurred_at, event.type,
        event.actor, event.actor_kind, event.on_behalf_of::text, event.channel, event.chat_id, event.message_id,
        event.subject_kind, event.subject_id::text, event.subject_version, event.request_id::text,
        event.correlation_id, event.causation_id::text,
        before.position AS position_before, before.chain AS chain_before
    FROM public.audit_events AS event
    LEFT JOIN LATERAL (
        SELECT position, chain FROM public.audit_events AS earlier
        WHERE earlier.position < event.position ORDER BY earlier.position DESC LIMIT 1
    ) AS before ON true
    WHERE event.position = ANY(CAST(:positions AS bigint[]))
    ORDER BY event.position
    """
)


@dataclass(frozen=True)
class LogFault:
    """The first position at which the log is not what it was, and why."""

    position: int
    problem: str


def missing(position: int) -> LogFault:
    return LogFault(position, f"position {position} is missing")


async def first_finding(connection: Connection, positions: Sequence[int], known: int) -> LogFault | None:
    """The first of these positions with a problem; up to ``known`` only digests and chain are looked at."""
    for start in range(0, len(positions), _BATCH):
        batch = positions[start : start + _BATCH]
        expected = 0
        for row in await connection.execute(_ROWS, {"positions": list(batch)}):
            twin = expected == row.position + 1
            expected = expected + 1 if twin else (row.position_before or 0) + 1
            problem = _problem(row, expected, known)
            if problem is not None:
                return LogFault(expected, problem)
        await asyncio.sleep(0)
    return None


def _problem(row: Row, expected: int, known: int) -> str | None:
    if row.position != expected:
        return missing(expected).problem
    if expected > known:
        if not _matches_canonical(row):
            return "a column was changed after it was hashed"
        if hashlib.sha256(row.canonical.encode()).digest() != row.digest:
            return "the canonical text was changed after it was hashed"
    before = GENESIS if row.position_before is None else row.chain_before or b""
    if next_link(before, row.digest) != row.chain:
        return "the chain does not follow from the event before"
    return None


def _matches_canonical(row: Row) -> bool:
    """False also for values without a canonical form, such as a number beyond 2^53: we never hash those."""
    try:
        envelope = {name: getattr(row, name) for name in _HASHED}
        return canonical_text({**envelope, "data": json.loads(row.data)}) == str(row.canonical)
    except (ValueError, OverflowError, RecursionError):
        return False
