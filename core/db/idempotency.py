"""Idempotency: the answer to a key, stored for 24 hours in the same transaction as the effect.

One rule: the same actor, key and body get the same answer, and another body is refused.

Of two calls at the same moment, the second does not wait but is refused with KeyInFlight. Refusals are not
stored, so a corrected body may use the key again.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text, select, text

from core.db.base import Moment, metadata
from core.db.connection import Connection
from core.kernel.errors import Conflict, DomainError, ErrorKind

KEY_LIFE = dt.timedelta(hours=24)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("actor", String(80), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("body_hash", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", Text, nullable=False),
    Column("kept_since", Moment, nullable=False),
    Index("ix_idempotency_keys_kept_since", "kept_since"),
)


@dataclass(eq=False)
class KeyInFlight(Conflict):
    """Another call with the same key is still running."""

    code: ClassVar[str] = "idempotency.in_flight"


@dataclass(eq=False)
class KeyMismatch(DomainError):
    """The same key was sent with another body."""

    code: ClassVar[str] = "idempotency.mismatch"
    kind: ClassVar[ErrorKind] = ErrorKind.mismatch


@dataclass(frozen=True)
class StoredResponse:
    """The first answer, byte for byte."""

    status: int
    body: str


def fingerprint(operation: str, body: bytes) -> bytes:
    """One hash over the operation and its body."""
    return hashlib.sha256(operation.encode() + b"\n" + body).digest()


async def claim_key(connection: Connection, actor: str, key: str, body_hash: bytes) -> StoredResponse | None:
    """Claim the key for this transaction, or return the answer that it already has."""
    lock = int.from_bytes(hashlib.sha256(f"{actor}\n{key}".encode()).digest()[:8], "big", signed=True)
    locked = await connection.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": lock})
    if not locked:
        raise KeyInFlight()
    table = idempotency_keys.c
    row = (
        await connection.execute(
            select(table.body_hash, table.status, table.answer).where(table.actor == actor, table.key == key)
        )
    ).one_or_none()
    if row is None:
        return None
    if row.body_hash != body_hash:
        raise KeyMismatch()
    return StoredResponse(row.status, row.answer)


async def store_response(
    connection: Connection,
    actor: str,
    key: str,
    body_hash: bytes,
    response: StoredResponse,
    now: dt.datetime,
) -> None:
    """Store the answer under the key, in the transaction that made it true."""
    await connection.execute(
        idempotency_keys.insert().values(
            actor=actor,
            key=key,
            body_hash=body_hash,
            status=response.status,
            answer=response.body,
            kept_since=now,
        )
    )
