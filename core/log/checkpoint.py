"""Checkpoints: the signed size and root of the log (C2SP tlog-checkpoint), kept outside the database.

One rule: no checkpoint is signed that contradicts an earlier one, and a note is valid only if it is exactly as we
write it.

A chain alone shows neither a cut tail nor a full rewrite; a checkpoint that somebody else keeps shows both.
"""

import base64
import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import insert, select, true

from core.db.connection import Connection
from core.log.merkle import MerkleTree
from core.log.tables import audit_events, checkpoints

ORIGIN = "parley/log"
_E = audit_events.c


@dataclass(eq=False)
class LogContradiction(Exception):
    """The log is not what it was when the checkpoint of this size was signed."""

    size: int


@dataclass(frozen=True)
class Checkpoint:
    """The size of the log at one moment, and its Merkle root."""

    size: int
    root: bytes
    note: str


def note_body(size: int, root: bytes) -> str:
    """The three signed lines: origin, size, root."""
    return f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n"


def key_id(public: Ed25519PublicKey) -> bytes:
    """The four bytes that identify a key in a signed note."""
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(ORIGIN.encode() + b"\n\x01" + raw).digest()[:4]


def sign(size: int, root: bytes, key: Ed25519PrivateKey) -> Checkpoint:
    """A signed note over size and root."""
    body = note_body(size, root)
    return Checkpoint(size, root, _note(body, key_id(key.public_key()) + key.sign(body.encode())))


def _note(body: str, signature: bytes) -> str:
    return f"{body}\n— {ORIGIN} {base64.b64encode(signature).decode()}\n"


def parse(note: str, public: Ed25519PublicKey) -> Checkpoint:
    """The checkpoint of a note with a valid signature; ValueError for any other note."""
    body, separator, tail = note.partition("\n\n")
    lines = body.split("\n")
    mark = f"— {ORIGIN} "
    if not separator or len(lines) != 3 or lines[0] != ORIGIN or not tail.startswith(mark):
        raise ValueError("this is not a checkpoint of the log")
    if not lines[1].isdigit() or str(int(lines[1])) != lines[1]:
        raise ValueError("the checkpoint's size is not a plain number")
    signed = base64.b64decode(tail[len(mark) :].strip(), validate=True)
    root = base64.b64decode(lines[2], validate=True)
    if _note(f"{body}\n", signed) != note:
        raise ValueError("the checkpoint is not written as one")
    if signed[:4] != key_id(public) or len(root) != 32:
        raise ValueError("the checkpoint was signed by another key")
    try:
        public.verify(signed[4:], f"{body}\n".encode())
    except InvalidSignature as error:
        raise ValueError("the checkpoint's signature does not hold") from error
    return Checkpoint(int(lines[1]), root, note)


async def rebuild(connection: Connection, published: Iterable[Checkpoint]) -> MerkleTree:
    """The tree at the newest of these checkpoints; LogContradiction when the log has changed since."""
    tree = MerkleTree()
    for each in sorted(published, key=lambda made: made.size):
        await extend(connection, tree, each.size)
        if (tree.size, tree.root()) != (each.size, each.root):
            raise LogContradiction(each.size)
    return tree


async def extend(connection: Connection, tree: MerkleTree, most: int | None = None) -> None:
    """Add the events sealed since, up to position ``most``."""
    digests = connection.stream_scalars(
        select(_E.digest)
        .where(_E.position > tree.size, true() if most is None else _E.position <= most)
        .order_by(_E.position)
    )
    async for digest in digests:
        tree.extend([digest])


async def store(connection: Connection, made: Checkpoint, now: dt.datetime) -> None:
    """Store a checkpoint that was published."""
    chain = await connection.scalar(select(_E.chain).where(_E.position == made.size))
    await connection.execute(
        insert(checkpoints).values(size=made.size, root=made.root, chain=chain, note=made.note, made_at=now)
    )


async def newest(connection: Connection) -> Checkpoint | None:
    """The newest stored checkpoint."""
    row = (
        await connection.execute(
            select(checkpoints.c.size, checkpoints.c.root, checkpoints.c.note)
            .order_by(checkpoints.c.size.desc())
            .limit(1)
        )
    ).one_or_none()
    return Checkpoint(*row) if row else None
