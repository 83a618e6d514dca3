"""Publishing checkpoints: every minute or thousand events, into a folder outside the database.

One rule: nothing is signed while the log contradicts the newest checkpoint, in the folder or in the database.

This process then logs an error every minute, with the size at which the log differs.
"""

import asyncio
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import structlog

from core.db.connection import Connection
from core.log import checkpoint
from core.log.checkpoint import Checkpoint, LogContradiction
from core.log.merkle import MerkleTree
from workers.keys import all_keys

log = structlog.get_logger()

INTERVAL = dt.timedelta(seconds=60)
MAX_UNPUBLISHED = 1000
LATEST = "latest.txt"


class CheckpointPublisher:
    """Signs and writes checkpoints; keeps the Merkle tree between two of them."""

    def __init__(self, keys_dir: Path, folder: Path) -> None:
        self._keys = all_keys(keys_dir)
        self._folder = folder
        self._tree: MerkleTree | None = None
        self._last_look: dt.datetime | None = None

    async def publish(self, connection: Connection, now: dt.datetime) -> Checkpoint | None:
        """Sign and write one when it is due; the caller's transaction stores it."""
        late = self._last_look is None or now - self._last_look >= INTERVAL
        before = await checkpoint.newest(connection)
        if self._tree is None:
            if not late:
                return None
            self._last_look = now
            self._tree = await self._rebuild(connection, before)
            if self._tree is None:
                return None
        await checkpoint.extend(connection, self._tree)
        fresh = self._tree.size - (before.size if before else 0)
        if fresh <= 0 or not (late or fresh >= MAX_UNPUBLISHED):
            return None
        made = checkpoint.sign(self._tree.size, self._tree.root(), self._keys[-1])
        await checkpoint.store(connection, made, now)
        await asyncio.to_thread(self._write, made)
        self._last_look = now
        return made

    async def _rebuild(self, connection: Connection, before: Checkpoint | None) -> MerkleTree | None:
        """The tree at the newest published checkpoint; None, with a logged error, when the log contradicts one."""
        try:
            kept = [before] if before else []
            return await checkpoint.rebuild(connection, [*kept, *self._published()])
        except LogContradiction as broken:
            log.error("log.contradicts_its_checkpoint", size=broken.size)
            return None

    def _published(self) -> Iterator[Checkpoint]:
        """The newest one of the folder; an unreadable one is logged and skipped."""
        file = self._folder / LATEST
        if not file.exists():
            return
        note = file.read_text(encoding="utf-8")
        for key in reversed(self._keys):
            try:
                yield checkpoint.parse(note, key.public_key())
            except ValueError:
                continue
            return
        log.error("checkpoint.unreadable", file=str(file))

    def _write(self, made: Checkpoint) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{made.size:012d}.txt").write_text(made.note, encoding="utf-8")
        (self._folder / LATEST).write_text(made.note, encoding="utf-8")
