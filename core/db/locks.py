"""The case lock: one purchase changes one step at a time.

One rule: every command that moves a request, its RFQ, quotes, approval or order takes this lock first, for
the rest of its transaction. So the last of two vendors who answer at the same moment closes the RFQ, and no
two commands wait for each other's rows in a circle. Guarded updates stay underneath as the second net.
"""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def lock_purchase(connection: AsyncConnection, request_id: UUID) -> None:
    """Wait (at most the session's lock_timeout) until no other command is changing this purchase."""
    key = int.from_bytes(request_id.bytes[8:], "big", signed=True)
    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
