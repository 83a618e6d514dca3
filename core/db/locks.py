"""The purchase lock: a purchase changes one step at a time.

One rule: every command that changes a request, its RFQ, quotes, approval or order takes this lock first.

The lock is held for the rest of the transaction. So the later of two vendors who answer at the same moment
closes the RFQ, and no two commands deadlock on each other's rows. Guarded updates remain as a second
safeguard.
"""

from uuid import UUID

from sqlalchemy import text

from core.db.connection import Connection


async def lock_purchase(connection: Connection, request_id: UUID) -> None:
    """Wait (at most the session's lock_timeout) until no other command is changing this purchase."""
    key = int.from_bytes(request_id.bytes[8:], "big", signed=True)
    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
