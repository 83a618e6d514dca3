"""Whether the log still stands as witnesses last saw it: a look that costs some index lookups, however long the log is.

One rule: it finds what was taken away or rewritten as a whole; whether each row is what was sealed, a verification
says.
"""

from collections.abc import Sequence

from sqlalchemy import text

from core.db.connection import Connection
from core.log.epochs import lost_positions, still_valid
from core.log.notes import Checkpoint
from core.log.witnesses import START, LogHead, Witness

_NEWEST = text(
    "SELECT position, chain FROM audit_events WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1"
)
_CHAINS = text("SELECT position, chain FROM audit_events WHERE position = ANY(CAST(:positions AS bigint[]))")
_ROOTS = text(
    """
    SELECT checkpoint.size, checkpoint.root, event.chain = checkpoint.chain AS follows
    FROM checkpoints AS checkpoint LEFT JOIN audit_events AS event ON event.position = checkpoint.size
    WHERE checkpoint.size = ANY(CAST(:sizes AS bigint[]))
    """
)


async def newest_head(connection: Connection) -> LogHead:
    """The last sealed event's position and chain value."""
    row = (await connection.execute(_NEWEST)).one_or_none()
    return LogHead(row.position, row.chain) if row else START


async def contradicted(connection: Connection, witnesses: Sequence[Witness]) -> str:
    """What the log has lost or become since witnesses saw it; empty when it still stands."""
    return await _lost_head(connection, witnesses) or await _lost_checkpoint(connection, witnesses)


async def _lost_head(connection: Connection, witnesses: Sequence[Witness]) -> str:
    seen = {head.position: (each.name, head.chain) for each in witnesses for head in each.heads}
    seen.pop(START.position, None)
    if not seen:
        return ""
    chains = {row.position: row.chain for row in await connection.execute(_CHAINS, {"positions": list(seen)})}
    for position, (name, chain) in sorted(seen.items()):
        if chains.get(position) != chain:
            return f"differs at position {position} from what {name} has seen"
    return ""


async def _lost_checkpoint(connection: Connection, witnesses: Sequence[Witness]) -> str:
    """Only when something is missing it is looked for restores."""
    newest = [(each.newest, each.name) for each in witnesses]
    missing = await _missing_checkpoint(connection, newest)
    if not missing:
        return ""
    lost = await lost_positions(connection)
    kept = [(made, name) for made, name in newest if made is not None and still_valid([made], lost)]
    return await _missing_checkpoint(connection, kept)


async def _missing_checkpoint(connection: Connection, newest: Sequence[tuple[Checkpoint | None, str]]) -> str:
    sizes = [made.size for made, _ in newest if made is not None]
    if not sizes:
        return ""
    rows = {row.size: row for row in await connection.execute(_ROOTS, {"sizes": sizes})}
    for made, name in newest:
        if made is None:
            continue
        row = rows.get(made.size)
        if row is None or row.root != made.root or not row.follows:
            return f"differs from the checkpoint of {made.size} events in {name}"
    return ""
