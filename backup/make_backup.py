"""Making a backup: the database's copy first, then files, keys and checkpoints.

One rule: what is taken later only ever has more, so that the parts fit together without stopping anything.

Files are content-addressed and never change; the log of a later checkpoint contains that of an earlier one.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from backup import vault
from backup.errors import BackupError
from backup.postgres_tools import PostgresTools
from backup.repository import BackupRecord, BackupRepository, copy_missing, write_durably

log = structlog.get_logger()


@dataclass(frozen=True)
class BackupSources:
    """What is backed up: a server (its address with a login that may replicate), a folder, and what the vault gets.

    ``secret_places`` are folders or files by their names in the vault: ``keys``, ``checkpoints``,
    ``run/secrets.json``.
    """

    server_url: str
    files: Path
    secret_places: Mapping[str, Path]


def make_backup(
    repository: BackupRepository,
    sources: BackupSources,
    tools: PostgresTools,
    *,
    passphrase: str,
    log_size: int,
    now: dt.datetime,
    full: bool = False,
) -> BackupRecord:
    """Make one and verify it; a full one when asked, every seven days, and when PostgreSQL refuses less."""
    vault.check_passphrase(passphrase)
    tools.check()
    _check_sources(sources)
    with repository.alone():
        parent = None if full else repository.parent_for(now)
        backup_id = repository.begin(now)
        base = repository.base(backup_id)
        parent = _copy_server(repository, sources.server_url, tools, base, parent)
        tools.verify(base)
        copy_missing(sources.files, repository.files)
        secrets = repository.vault(backup_id)
        secrets.parent.mkdir(exist_ok=True, mode=0o700)
        write_durably(secrets, vault.lock(vault.read_places(sources.secret_places), passphrase))
        record = BackupRecord(
            id=backup_id,
            parent=parent.id if parent else None,
            made_at=now,
            log_size=log_size,
            server=(base / "PG_VERSION").read_text().strip(),
        )
        repository.complete(record)
    return record


def _check_sources(sources: BackupSources) -> None:
    """A wrong folder would be noticed only when it is restored; only of checkpoints there may be none yet."""
    if not sources.files.is_dir():
        raise BackupError(f"{sources.files} is no folder of files: name it in PARLEY_FILES_DIR")
    for name, place in sources.secret_places.items():
        if name != "checkpoints" and not vault.read_places({name: place}):
            raise BackupError(
                f"{place} is empty or not there: without {name} a backup restores nothing that works"
            )


def _copy_server(
    repository: BackupRepository, url: str, tools: PostgresTools, base: Path, parent: BackupRecord | None
) -> BackupRecord | None:
    """Returns what the copy stands on: None when it is a full one after all.

    PostgreSQL refuses an incremental copy when its summaries do not reach back, or when it was restored from another
    line of history since.
    """
    if parent is not None:
        try:
            tools.base_backup(url, base, repository.base(parent.id))
            return parent
        except BackupError as error:
            log.info("backup.full_instead", why=str(error))
    tools.base_backup(url, base, None)
    return None
