"""Epochs: after a restore from a backup the log says itself which positions of the epoch before are lost.

One rule: a checkpoint of lost positions contradicts nothing any more, and the loss is told with every verification.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from core.db.connection import Connection
from core.log.notes import Checkpoint

RESTORED = "log.restored"
"""The type of the event that a restore records, with ``restored_size`` and ``lost_to``."""
THE_LOG = UUID("7061726c-6579-8000-8000-6c6f67000000")
"""What every such event is about, so that the few of them are found by an index, however long the log is."""
_LOST = text(
    """
    SELECT CAST(data ->> 'restored_size' AS bigint) + 1 AS first, CAST(data ->> 'lost_to' AS bigint) AS last
    FROM public.audit_events
    WHERE subject_id = CAST(:log AS uuid) AND type = CAST(:type AS text)
    AND position IS NOT NULL AND data ->> 'lost_to' IS NOT NULL
    ORDER BY position
    """
)


@dataclass(frozen=True)
class LostPositions:
    """The first and the last position that an earlier epoch had given out and a backup did not have."""

    first: int
    last: int


async def lost_positions(connection: Connection) -> tuple[LostPositions, ...]:
    """What restores have lost, in the log's order."""
    rows = await connection.execute(_LOST, {"log": THE_LOG, "type": RESTORED})
    return tuple(LostPositions(row.first, row.last) for row in rows)


def still_valid(made: Iterable[Checkpoint], lost: Collection[LostPositions]) -> list[Checkpoint]:
    """Without the checkpoints that cover positions which were lost."""
    return [each for each in made if not any(gap.first <= each.size <= gap.last for gap in lost)]
