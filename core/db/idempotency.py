"""Idempotency: the answer to a key, stored for 24 hours in the same transaction as the effect.

One rule: the same actor, key and body get the same answer, and another body is refused.

Of two calls at the same moment, the second does not wait but is refused with KeyInFlight. Refusals are not
stored, so a corrected body may use the key again. A call looks for its key and takes its lock in one statement, so
the call before it may end in between: then the key's row cannot be written a second time, and the call starts anew.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text, bindparam, select

from core.db.base import Moment, metadata
from core.db.compiled import Prebuilt
from core.db.connection import Connection, Row
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


def lock_number(actor: str, key: str) -> int:
    """The advisory lock that the call under this key holds until it ends."""
    return int.from_bytes(hashlib.sha256(f"{actor}\n{key}".encode()).digest()[:8], "big", signed=True)


def known_response(found: Row, body_hash: bytes) -> StoredResponse | None:
    """The answer that the key already has, from the row that looked for it.

    Raises KeyMismatch for another body, and KeyInFlight while another call under this key runs.
    """
    if found.body_hash is None:
        if not found.free:
            raise KeyInFlight()
        return None
    if found.body_hash != body_hash:
        raise KeyMismatch()
    return StoredResponse(found.status, found.answer)


async def stored_response(
    connection: Connection, actor: str, key: str, body_hash: bytes
) -> StoredResponse | None:
    """The answer to this key and body, if there is one."""
    row = (await connection.execute(_FIND, {"actor": actor, "key": key})).one_or_none()
    if row is None or row.body_hash != body_hash:
        return None
    return StoredResponse(row.status, row.answer)


_FIND = Prebuilt(
    select(idempotency_keys.c.body_hash, idempotency_keys.c.status, idempotency_keys.c.answer).where(
        idempotency_keys.c.actor == bindparam("actor"), idempotency_keys.c.key == bindparam("key")
    )
)
STORE = """
    INSERT INTO idempotency_keys (actor, key, body_hash, status, answer, kept_since)
    VALUES (:key_actor, :key, :body_hash, :status, :answer, :kept_since)
"""
"""Keeps an answer; the log puts it into the statement that writes the call's events."""


@dataclass(frozen=True)
class KeyedResponse:
    """An answer, and the key under which it is kept in the transaction that made it true."""

    actor: str
    key: str
    body_hash: bytes
    response: StoredResponse
    now: dt.datetime

    def columns(self) -> dict[str, object]:
        """The bind parameters of ``STORE``."""
        return {
            "key_actor": self.actor,
            "key": self.key,
            "body_hash": self.body_hash,
            "status": self.response.status,
            "answer": self.response.body,
            "kept_since": self.now,
        }
