"""Publishing checkpoints: every minute or thousand events, into folders outside the database.

One rule: nothing is signed while the log contradicts a checkpoint that was published: in a folder, in the database, in
Redis, or in this process.

This process then logs an error every minute. Whatever happens to the files, it puts back what it knows, so that those
who read them, the API and ``./parley verify``, are told too.
"""

import asyncio
import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.db.connection import Connection
from core.log import checkpoint, notes
from core.log.checkpoint import LogContradiction
from core.log.epochs import lost_positions, still_valid
from core.log.merkle import MerkleTree
from core.log.notes import Checkpoint
from core.log.standing import contradicted, newest_head
from core.log.witnesses import FOLDER, LATEST, START, Witness, read_folder
from workers.keys import all_keys
from workers.redis_note import RedisNote

log = structlog.get_logger()

INTERVAL = dt.timedelta(seconds=60)
MAX_UNPUBLISHED = 1000


class CheckpointPublisher:
    """Signs and writes checkpoints; keeps the Merkle tree between two of them, and what it saw last."""

    def __init__(self, keys_dir: Path, folders: Sequence[Path], in_redis: RedisNote) -> None:
        self._keys_dir = keys_dir
        self._keys = all_keys(keys_dir)
        self._folders = folders
        self._in_redis = in_redis
        self._tree: MerkleTree | None = None
        self._head = START
        self._known: dict[int, Checkpoint] = {}
        """The newest checkpoint of each witness, by size: what is put back where it is missing."""
        self._uncommitted: Checkpoint | None = None
        """What this transaction stores; it counts only when that was committed."""
        self._last_look: dt.datetime | None = None

    async def publish(self, connection: Connection, now: dt.datetime) -> Checkpoint | None:
        """Sign one when it is due; the caller's transaction stores it, and after its commit ``keep`` writes it."""
        late = self._last_look is None or now - self._last_look >= INTERVAL
        self._forget_uncommitted()
        before = await checkpoint.newest(connection)
        if self._tree is None:
            if not late:
                return None
            self._last_look = now
            self._tree = await self._rebuild(connection, before)
            if self._tree is None or await self._store_again(connection, before, now):
                return None
        elif problem := await contradicted(connection, [self._witness()]):
            if late:
                self._last_look = now
                log.error("log.contradicts_its_checkpoint", problem=problem)
            return None
        await checkpoint.extend(connection, self._tree)
        self._head = await newest_head(connection)
        fresh = self._tree.size - (before.size if before else 0)
        if fresh <= 0 or not (late or fresh >= MAX_UNPUBLISHED):
            return None
        self._keys = await asyncio.to_thread(self._present_keys)
        made = notes.sign(self._tree.size, self._tree.root(), self._keys[-1])
        await checkpoint.store(connection, made, now)
        self._uncommitted = made
        self._last_look = now
        return made

    async def keep(self) -> None:
        """After the commit: write what this process knows to where it is missing or was changed.

        A folder that fails is logged.
        """
        if self._uncommitted is not None:
            self._known, self._uncommitted = {self._uncommitted.size: self._uncommitted}, None
        await asyncio.to_thread(self._keep)

    def _forget_uncommitted(self) -> None:
        """What the last transaction did not commit; one that was to be stored again is looked for anew."""
        if self._uncommitted is not None and self._uncommitted.size in self._known:
            self._tree = None
        self._uncommitted = None

    def _present_keys(self) -> list[Ed25519PrivateKey]:
        """A key that is put into the folder signs at once; what cannot be read, such as half a file, does not yet."""
        try:
            return all_keys(self._keys_dir) if any(self._keys_dir.glob("*.pem")) else self._keys
        except (ValueError, OSError) as error:
            log.warning("keys.unreadable", why=type(error).__name__)
            return self._keys

    def _witness(self) -> Witness:
        return Witness("this relay", tuple(self._known.values()), (self._head,))

    async def _rebuild(self, connection: Connection, before: Checkpoint | None) -> MerkleTree | None:
        """The tree at the newest published checkpoint; None, with a logged error, when the log contradicts one."""
        found = still_valid(await asyncio.to_thread(self._published), await lost_positions(connection))
        published = [*([before] if before else []), *found]
        self._known = {each.size: each for each in published}
        try:
            return await checkpoint.rebuild(connection, published)
        except LogContradiction as broken:
            log.error("log.contradicts_its_checkpoint", size=broken.size)
            return None

    async def _store_again(self, connection: Connection, before: Checkpoint | None, now: dt.datetime) -> bool:
        """Whether somebody outside keeps a newer checkpoint than the database does; it is stored there too."""
        newest = self._known[max(self._known)] if self._known else None
        if newest is None or newest.size <= (before.size if before else 0):
            return False
        await checkpoint.store(connection, newest, now)
        self._uncommitted = newest
        return True

    def _published(self) -> list[Checkpoint]:
        """The newest one of each folder and of Redis; unreadable files are logged and skipped."""
        keys = [key.public_key() for key in reversed(self._keys)]
        witnesses = [read_folder(folder, FOLDER, keys) for folder in self._folders]
        for witness, folder in zip(witnesses, self._folders, strict=True):
            for name in witness.unreadable:
                log.error("checkpoint.unreadable", file=str(folder / name))
        witnesses.append(self._in_redis.witness(keys))
        return [each.newest for each in witnesses if each.newest is not None]

    def _keep(self) -> None:
        if not self._known:
            return
        newest = self._known[max(self._known)]
        files = {f"{each.size:012d}.txt": each.note for each in self._known.values()} | {LATEST: newest.note}
        for folder in self._folders:
            try:
                self._write(folder, files)
            except OSError as error:
                log.error("checkpoint.not_written", folder=str(folder), error=type(error).__name__)
        self._in_redis.write(newest)

    def _write(self, folder: Path, files: dict[str, str]) -> None:
        """Whole notes in the place of older ones: a full disk takes none away, and nobody reads half of one."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, note in files.items():
            file = folder / name
            there = file.read_text(encoding="utf-8", errors="replace") if file.exists() else None
            if there == note:
                continue
            if there is not None and name != LATEST:
                log.error("checkpoint.was_changed", file=str(file))
            partial = folder / f"{name}.{os.getpid()}"
            partial.write_text(note, encoding="utf-8")
            partial.replace(file)
