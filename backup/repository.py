"""The folder of backups: which there are, which stand on which, and which may go.

    20261201T011343Z/base/          what pg_basebackup wrote
    20261201T011343Z/backup.json    written last: without it the backup does not count
    vaults/20261201T011343Z.vault   keys, checkpoints and secrets, encrypted
    files/ab/ab12…                  what people uploaded, once per content

One rule: a backup is complete or it is not there.
"""

import datetime as dt
import fcntl
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from backup.errors import BackupError

_ID = re.compile(r"\d{8}T\d{6}Z")
FULL_EVERY = dt.timedelta(days=7)
"""PostgreSQL keeps the summaries that incremental backups need for ten days."""


class BackupRecord(BaseModel):
    """``backup.json``; ``log_size`` is a position that the copy has at least."""

    model_config = ConfigDict(frozen=True)

    id: str
    parent: str | None
    made_at: dt.datetime
    log_size: int
    server: str

    @property
    def kind(self) -> str:
        return "incremental" if self.parent else "full"


@dataclass(frozen=True)
class BackupRepository:
    """One folder of backups."""

    folder: Path

    def base(self, backup_id: str) -> Path:
        return self.folder / backup_id / "base"

    def vault(self, backup_id: str) -> Path:
        return self.folder / "vaults" / f"{backup_id}.vault"

    @property
    def files(self) -> Path:
        return self.folder / "files"

    def all(self) -> list[BackupRecord]:
        """Every complete backup, oldest first."""
        found = []
        for file in sorted(self.folder.glob("*/backup.json")):
            try:
                found.append(BackupRecord.model_validate_json(file.read_bytes()))
            except ValidationError:
                raise BackupError(f"{file} cannot be read: move its folder away") from None
        return found

    def newest(self) -> BackupRecord:
        """BackupError when there is none."""
        found = self.all()
        if not found:
            raise BackupError(f"there is no backup in {self.folder}: type './parley backup' first")
        return found[-1]

    def named(self, backup_id: str) -> BackupRecord:
        """The backup of this id; BackupError names those that there are."""
        found = {each.id: each for each in self.all()}
        if backup_id not in found:
            there = ", ".join(list(found)[-3:]) or "none"
            raise BackupError(f"there is no backup {backup_id} in {self.folder}; the newest are: {there}")
        return found[backup_id]

    def chain(self, record: BackupRecord) -> list[BackupRecord]:
        """The full backup that this one stands on, those in between, and itself."""
        known = {each.id: each for each in self.all()}
        chain = [record]
        while chain[0].parent is not None:
            parent = known.get(chain[0].parent)
            if parent is None:
                raise BackupError(f"backup {chain[0].id} stands on {chain[0].parent}, which is not there")
            chain.insert(0, parent)
        return chain

    def parent_for(self, now: dt.datetime) -> BackupRecord | None:
        """What an incremental backup would stand on; None when a full one is due."""
        found = self.all()
        if not found or now - self.chain(found[-1])[0].made_at >= FULL_EVERY:
            return None
        return found[-1]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """BackupError while another process makes a backup here: its folder would look like an interrupted one."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupError(f"another backup is being made in {self.folder}: wait for it") from None
            yield

    def begin(self, now: dt.datetime) -> str:
        """A new id, with what an interrupted backup left cleared away."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self.folder.iterdir():
            if _ID.fullmatch(left.name) and not (left / "backup.json").exists():
                self.vault(left.name).unlink(missing_ok=True)
                shutil.rmtree(left)
        backup_id = now.strftime("%Y%m%dT%H%M%SZ")
        if (self.folder / backup_id).exists():
            raise BackupError("a backup was made within this second: try again")
        (self.folder / backup_id).mkdir(mode=0o700)
        return backup_id

    def complete(self, record: BackupRecord) -> None:
        """Make the backup count: under its final name only once it is on the disk."""
        write_durably(self.folder / record.id / "backup.json", record.model_dump_json(indent=2).encode())

    def size_of(self, backup_id: str) -> int:
        """Bytes of the database's copy and the vault, without uploaded files."""
        copied = sum(each.stat().st_size for each in self.base(backup_id).rglob("*") if each.is_file())
        return copied + self.vault(backup_id).stat().st_size

    def delete_older(self, before: dt.datetime) -> Sequence[str]:
        """Delete whole chains of which every backup is older, never the newest chain; returns the ids."""
        found = self.all()
        chains: dict[str, list[BackupRecord]] = {}
        for record in found:
            chains.setdefault(self.chain(record)[0].id, []).append(record)
        kept = self.chain(found[-1])[0].id if found else None
        gone = [
            record.id
            for first, members in chains.items()
            if first != kept and all(member.made_at < before for member in members)
            for record in members
        ]
        for backup_id in reversed(gone):
            shutil.rmtree(self.folder / backup_id)
            self.vault(backup_id).unlink(missing_ok=True)
        return gone


def copy_missing(source: Path, target: Path) -> int:
    """Copy the content-addressed files that are not there yet; returns how many.

    A name is the hash of the content, so a file that is there is the same one.
    """
    copied = 0
    for file in source.glob("??/*"):
        there = target / file.parent.name / file.name
        if file.name.startswith(".") or there.exists():
            continue
        there.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_durably(there, file.read_bytes())
        copied += 1
    return copied


def write_durably(file: Path, content: bytes) -> None:
    """Under its name only once it is on the disk, also when the power fails; only the owner reads it."""
    partial = file.with_name(f".{file.name}")
    partial.touch(mode=0o600)
    with partial.open("wb") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    partial.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
