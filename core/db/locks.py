"""The purchase lock: a purchase changes one step at a time.

One rule: every command that changes a request, its RFQ, quotes, approval or order takes this lock first, and only
then reads what it changes.

The lock is held for the rest of the transaction. So the later of two vendors who answer at the same moment
closes the RFQ, and no two commands deadlock on each other's rows. Guarded updates remain as a second
safeguard. A use case takes the lock through ``Uow.lock_purchase``, which then keeps what is read under it.
"""

from functools import cache
from uuid import UUID

from sqlalchemy import BigInteger, Table, bindparam, func, select, text

from core.db.compiled import Prebuilt
from core.db.connection import Connection

_LOCK = Prebuilt(select(func.pg_advisory_xact_lock(bindparam("key", type_=BigInteger))))


async def lock_purchase(connection: Connection, request_id: UUID) -> None:
    """Wait (at most the session's lock_timeout) until no other command is changing this purchase."""
    key = int.from_bytes(request_id.bytes[8:], "big", signed=True)
    await connection.execute(_LOCK, {"key": key})


async def lock_purchase_of(connection: Connection, table: Table, row_id: UUID) -> UUID | None:
    """Lock the purchase that a row belongs to, and return its request; None when there is no such row."""
    row = (await connection.execute(_lock_of(table), {"row": row_id})).one_or_none()
    return row[0] if row is not None else None


@cache
def _lock_of(table: Table) -> Prebuilt:
    return Prebuilt(text(locking_sql(table, ":row")))


def locking_sql(table: Table, row: str) -> str:
    """A SELECT that locks the purchase to which the row with this id belongs, and returns its request's id.

    The lock's key is the last eight bytes of that id as a signed number, as in ``lock_purchase``.
    """
    request_id = "request_id" if "request_id" in table.c else "id"
    digits = f"right(replace(CAST({request_id} AS text), '-', ''), 16)"
    key = f"CAST(CAST('x' || {digits} AS bit(64)) AS bigint)"
    return f"SELECT {request_id}, pg_advisory_xact_lock({key}) FROM {table.name} WHERE id = {row}"
