"""Checkpoints: the size and root of the log at one moment, kept in the database and outside of it.

One rule: no checkpoint is signed that contradicts an earlier one.

A chain alone shows neither a cut tail nor a full rewrite; a checkpoint that somebody else keeps shows both.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import insert, select, true

from core.db.connection import Connection
from core.log.merkle import MerkleTree
from core.log.notes import Checkpoint
from core.log.tables import audit_events, checkpoints

_E = audit_events.c


@dataclass(eq=False)
class LogContradiction(Exception):
    """The log is not what it was when the checkpoint of this size was signed."""

    size: int


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
