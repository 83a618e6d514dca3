"""The purchase lock: a purchase changes one step at a time.

One rule: every command that changes a request, its RFQ, quotes, approval or order takes this lock first, and only
then reads what it changes.

The lock is held for the rest of the transaction. So the later of two vendors who answer at the same moment
closes the RFQ, and no two commands deadlock on each other's rows. Guarded updates remain as a second
safeguard. A use case takes the lock through ``Uow.lock_purchase``, which then keeps what is read under it.
PostgreSQL's clock is read once the lock is held, so what is done to a purchase later is never dated earlier.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import BigInteger, Table, bindparam, func, select, text

from core.db.compiled import Prebuilt
from core.db.connection import Connection

_KEY = bindparam("key", type_=BigInteger)
_LOCK = Prebuilt(
    select(func.pg_advisory_xact_lock(_KEY).label("locked"), func.clock_timestamp().label("locked_at"))
)


@dataclass(frozen=True)
class LockedPurchase:
    """The request of a purchase that is locked, and what PostgreSQL's clock showed right after."""

    request_id: UUID
    locked_at: dt.datetime


async def lock_purchase(connection: Connection, request_id: UUID) -> LockedPurchase:
    """Wait (at most the session's lock_timeout) until no other command is changing this purchase."""
    key = int.from_bytes(request_id.bytes[8:], "big", signed=True)
    row = (await connection.execute(_LOCK, {"key": key})).one()
    return LockedPurchase(request_id, row.locked_at)


async def lock_purchase_of(connection: Connection, table: Table, row_id: UUID) -> LockedPurchase | None:
    """Lock the purchase that a row belongs to; None when there is no such row."""
    row = (await connection.execute(_lock_of(table), {"row": row_id})).one_or_none()
    return LockedPurchase(row[0], row.locked_at) if row is not None else None


@cache
def _lock_of(table: Table) -> Prebuilt:
    return Prebuilt(text(locking_sql(table, ":row")))


def locking_sql(table: Table, row: str) -> str:
    """A SELECT that locks the purchase to which the row with this id belongs, and then reads the clock.

    It returns the request's id, nothing, and ``locked_at``.
    The lock's key is the last eight bytes of that id as a signed number, as in ``lock_purchase``.
    """
    request_id = "request_id" if "request_id" in table.c else "id"
    digits = f"right(replace(CAST({request_id} AS text), '-', ''), 16)"
    key = f"CAST(CAST('x' || {digits} AS bit(64)) AS bigint)"
    columns = f"{request_id}, pg_advisory_xact_lock({key}), clock_timestamp() AS locked_at"
    return f"SELECT {columns} FROM {table.name} WHERE id = {row}"
