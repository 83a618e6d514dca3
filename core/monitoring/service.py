"""Parley verifies its own log, once in so many hours, and keeps what it found.

One rule: any number of processes may ask for it; one of them does it.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, insert, select, text

from core.db.connection import Connection
from core.kernel.ids import new_id
from core.log.verify import Verification, verify
from core.log.witnesses import Witness
from core.monitoring.tables import log_verifications

_LOCK = 0x76657269667920  # "verify "
_TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(:lock)")


async def verify_when_due(
    connection: Connection, witnesses: Sequence[Witness], now: dt.datetime, every: dt.timedelta
) -> Verification | None:
    """Verify the log, unless that was done within ``every`` or is being done; the caller commits."""
    if not await connection.scalar(_TRY_LOCK, {"lock": _LOCK}):
        return None
    last = await connection.scalar(select(func.max(log_verifications.c.verified_at)))
    if last is not None and last > now - every:
        return None
    found = await verify(connection, witnesses)
    await connection.execute(
        insert(log_verifications).values(
            id=new_id(), verified_at=now, intact=found.ok, events=found.events, problem=found.problem
        )
    )
    return found
