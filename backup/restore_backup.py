"""Restoring: a data folder from a chain of backups, the vault's files, and a log that says what is lost.

One rule: nothing that is there is overwritten, and the log is verified against every checkpoint before anybody works.

Checkpoints beyond the restored log are put aside, not deleted: whoever holds one finds its number in the event
``log.restored``.
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from backup import vault
from backup.errors import BackupError
from backup.postgres_tools import PostgresTools
from backup.repository import BackupRecord, BackupRepository, copy_missing
from core.access.actor import Actor
from core.audit import queries as audit
from core.audit.queries import VerifyLog
from core.backups import queries, service
from core.backups.commands import MarkRestore
from core.backups.events import LogRestored
from core.log.notes import Checkpoint
from core.log.verify import Verification
from core.log.verify_helpers import VerifyHelpers
from core.log.witnesses import FOLDER, LATEST, Witness
from core.uow import Uow
from workers.disabled_people import disabled_people
from workers.keys import all_keys
from workers.published import signed_checkpoints

SUPERSEDED = "superseded"


@dataclass(frozen=True)
class RestoredFolders:
    """Where an installation's files are; ``secrets`` are the other folders of the vault, by their names in it."""

    files: Path
    keys: Path
    checkpoints: Path
    secrets: Mapping[str, Path]


def build_data_folder(
    repository: BackupRepository,
    record: BackupRecord,
    tools: PostgresTools,
    into: Path,
    wal: Path | None = None,
) -> None:
    """Verify the chain that ends with this backup, and make a data folder of it; the folder must not be there.

    The server that starts on it goes on with what ``pg_receivewal`` wrote into ``wal``, then begins a timeline of its
    own: no later backup can be mistaken for one that stands on what was lost.
    """
    tools.check()
    if into.exists() and any(into.iterdir()):
        raise BackupError(f"{into} is not empty: move it away first")
    fetch = _fetch_command(wal).replace("\\", r"\\").replace("'", "''")
    chain = repository.chain(record)
    for each in chain:
        tools.verify(repository.base(each.id))
    into.parent.mkdir(parents=True, exist_ok=True)
    tools.combine([repository.base(each.id) for each in chain], into)
    into.chmod(0o700)
    with (into / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
        settings.write(f"restore_command = '{fetch}'\n")
    (into / "recovery.signal").touch(mode=0o600)


def _fetch_command(wal: Path | None) -> str:
    """What PostgreSQL runs to fetch a segment; the newest one that was received is not full yet."""
    if wal is None:
        return "false"
    if not wal.is_dir():
        raise BackupError(f"{wal} is not a folder of write-ahead log: name the one that pg_receivewal fills")
    place = shlex.quote(str(wal.resolve()).replace("%", "%%"))
    return f"cp {place}/%f %p || cp {place}/%f.partial %p"


def write_back(
    repository: BackupRepository, record: BackupRecord, folders: RestoredFolders, passphrase: str
) -> list[Path]:
    """Write what is missing: the vault's keys and secrets, every known checkpoint, every uploaded file.

    Checkpoints come from the newest vault too, because those after the backup say what is lost. Returns keys and
    secrets that are there already and are others than the backup's: they stay, and the restored database may not fit.
    """
    content = vault.unlock(repository.vault(record.id).read_bytes(), passphrase)
    differing = []
    for name, folder in {"keys": folders.keys, **folders.secrets}.items():
        differing += vault.write_missing(content, name, folder)
    newest = vault.unlock(repository.vault(repository.newest().id).read_bytes(), passphrase)
    for known in (newest, content):
        vault.write_missing(known, "checkpoints", folders.checkpoints)
    copy_missing(repository.files, folders.files)
    return differing


@dataclass(frozen=True)
class KeptCheckpoints:
    """The checkpoints outside the database, by whether the restored log reaches them; ``files`` of those beyond."""

    within: tuple[Checkpoint, ...]
    beyond: tuple[Checkpoint, ...]
    files: tuple[Path, ...]

    @property
    def last(self) -> Checkpoint | None:
        return max((*self.within, *self.beyond), key=lambda each: each.size, default=None)


def kept_checkpoints(folders: RestoredFolders, log_size: int) -> KeptCheckpoints:
    """Every checkpoint of the folder that one of our keys has signed."""
    signed = list(signed_checkpoints(sorted(folders.checkpoints.glob("*.txt")), all_keys(folders.keys)))
    beyond = [(each, file) for each, file in signed if each.size > log_size]
    return KeptCheckpoints(
        tuple(each for each, _ in signed if each.size <= log_size),
        tuple(each for each, _ in beyond),
        tuple(file for _, file in beyond),
    )


async def verify_restored(
    uow: Uow, actor: Actor, folders: RestoredFolders, helpers: VerifyHelpers
) -> Verification:
    """The audit's check of the restored log against every checkpoint that it reaches."""
    sizes = await queries.log_sizes(uow, actor)
    kept = kept_checkpoints(folders, sizes.sealed)
    return await audit.verify(uow, actor, VerifyLog(helpers, witnesses=(Witness(FOLDER, kept.within),)))


async def begin_epoch(
    uow: Uow, actor: Actor, folders: RestoredFolders, helpers: VerifyHelpers, backup_id: str
) -> LogRestored:
    """Verify the log, then mark the restore in it; BackupError, and no mark, when it is not intact."""
    found = await verify_restored(uow, actor, folders, helpers)
    if not found.ok:
        raise BackupError(
            f"the restored log is broken at position {found.first_bad_position} ({found.problem}): restore an "
            "earlier backup, and keep this one for whoever finds out why"
        )
    kept = kept_checkpoints(folders, (await queries.log_sizes(uow, actor)).sealed)
    command = MarkRestore(backup_id, kept.last, disabled_people(folders.checkpoints))
    return await service.mark_restored(uow, actor, command)


def set_aside(folders: RestoredFolders, restored: LogRestored) -> Sequence[Path]:
    """Move the checkpoints beyond the restored log into a folder of their epoch, so that new ones can follow.

    ``latest.txt`` then is the newest that is left.
    """
    kept = kept_checkpoints(folders, restored.restored_size)
    aside = folders.checkpoints / f"{SUPERSEDED}-{restored.epoch - 1}"
    if kept.files:
        aside.mkdir(exist_ok=True, mode=0o700)
    for file in kept.files:
        file.replace(aside / file.name)
    newest = max(kept.within, key=lambda each: each.size, default=None)
    if newest is not None:
        (folders.checkpoints / LATEST).write_text(newest.note, encoding="utf-8")
    return kept.files
