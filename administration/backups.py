"""The commands ``backup`` and ``restore`` on a PostgreSQL that others run; the package ``backup`` does the work.

One rule: a passphrase comes from outside; there is none that would be lost together with the installation.

    parley backup                          while everything runs
    parley backup --every 1                again and again, every hour
    parley restore --into DIR              a data folder, for a server that is stopped
    parley restore --mark                  once it runs on that folder: verify, and say in the log what is lost
"""

import argparse
import datetime as dt
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import Field, SecretStr

from administration.backup_schedule import back_up_every
from administration.errors import CommandError
from administration.run import run_use_case
from administration.target import Target
from api.startup import ProcessSettings, UnreadableFile
from backup import vault
from backup.errors import BackupError
from backup.make_backup import BackupSources, make_backup
from backup.postgres_tools import PostgresTools
from backup.repository import BackupRecord, BackupRepository
from backup.restore_backup import RestoredFolders, begin_epoch, build_data_folder, set_aside, write_back
from core.access.actor import Actor
from core.backups import queries, service
from core.backups.commands import NoteBackup
from core.backups.events import LogRestored
from core.kernel.clock import SystemClock
from core.log.verify_helpers import VerifyHelpers
from core.uow import Uow


@contextmanager
def one_sentence() -> Iterator[None]:
    """What goes wrong with a backup, as what goes wrong with a command."""
    try:
        yield
    except BackupError as error:
        raise CommandError(str(error)) from None


class BackupSettings(ProcessSettings):
    """The variables are described in docs/operations.md."""

    backup_url: SecretStr | None = Field(default=None, validation_alias="PARLEY_BACKUP_URL")
    own_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    folder: Path | None = Field(default=None, validation_alias="PARLEY_BACKUP_DIR")
    passphrase: SecretStr = Field(default=SecretStr(""), validation_alias="PARLEY_BACKUP_PASSPHRASE")
    secrets: Path | None = Field(default=None, validation_alias="PARLEY_SECRETS_DIR")
    programs: Path | None = Field(default=None, validation_alias="PARLEY_PG_BIN")

    @property
    def server_url(self) -> SecretStr | None:
        return self.backup_url or self.own_url


def _settings() -> BackupSettings:
    try:
        return BackupSettings()
    except UnreadableFile as error:
        raise BackupError(str(error)) from None


def backup(target: Target, args: argparse.Namespace) -> int:
    """Back up the server of PARLEY_BACKUP_URL, the files, and in the vault keys, checkpoints and secrets."""
    with one_sentence():
        settings = _settings()
    if settings.server_url is None:
        raise CommandError(
            "set PARLEY_BACKUP_URL to a login that may replicate, such as postgresql://backup:…@db/parley"
        )
    places = {"keys": target.keys, "checkpoints": target.checkpoints}
    if settings.secrets is not None:
        places["secrets"] = settings.secrets
    else:
        print(
            "PARLEY_SECRETS_DIR is not set: this backup has no secrets, keep those elsewhere.",
            file=sys.stderr,
        )
    sources = BackupSources(settings.server_url.get_secret_value(), target.files, places)
    tools, repository = PostgresTools(programs()), repository_of(args, Path("backups"))

    def once() -> int:
        return back_up(target.url("app"), sources, tools, repository, args)

    return once() if args.every is None else back_up_every(args.every, repository, once)


def back_up(
    database_url: str,
    sources: BackupSources,
    tools: PostgresTools,
    repository: BackupRepository,
    args: argparse.Namespace,
) -> int:
    """Make it, note it in the database, and say where it is."""
    now = SystemClock().now()
    with one_sentence():
        record = make_backup(
            repository,
            sources,
            tools,
            passphrase=passphrase(),
            log_size=run_use_case(database_url, queries.log_sizes).sealed,
            now=now,
            full=args.full,
        )
        size = repository.size_of(record.id)
        days = args.keep_days
        deleted = repository.delete_older(now - dt.timedelta(days=days)) if days is not None else ()
    note = NoteBackup(record.kind, record.log_size, size)
    run_use_case(database_url, lambda uow, actor: service.note_backup(uow, actor, note))
    print(f"Backup {record.id} ({record.kind}, {size / 1e6:,.1f} MB) is in {repository.folder} and verified.")
    if deleted:
        print(f"Deleted {len(deleted)} older ones.")
    print("Copy the folder to another machine; the passphrase belongs on neither of the two.")
    return 0


def restore(target: Target, args: argparse.Namespace) -> int:
    """Make a data folder of a backup, or mark that the server runs on it."""
    repository = repository_of(args, Path("backups"))
    with one_sentence():
        secrets = _settings().secrets or Path("secrets")
        folders = RestoredFolders(target.files, target.keys, target.checkpoints, {"secrets": secrets})
        record = chosen(repository, args)
        if args.mark:
            describe(mark(target.url("app"), folders, record.id))
        elif args.into is not None:
            restore_data(repository, record, folders, PostgresTools(programs()), args)
            print(f"  parley restore --mark {record.id}")
        else:
            raise CommandError("say --into DIR while the server is stopped, and --mark once it runs on DIR")
    return 0


def restore_data(
    repository: BackupRepository,
    record: BackupRecord,
    folders: RestoredFolders,
    tools: PostgresTools,
    args: argparse.Namespace,
) -> None:
    """The data folder and whatever files are missing; what to do next is for the caller to say."""
    secret = passphrase()
    vault.unlock(repository.vault(record.id).read_bytes(), secret)
    build_data_folder(repository, record, tools, args.into, args.wal)
    for each in write_back(repository, record, folders, secret):
        print(
            f"{each} stays, and is another one than in the backup: move it away before you restore to have that."
        )
    print(
        f"{args.into} is the data folder of backup {record.id}: make it your server's, start that, and type"
    )


def mark(database_url: str, folders: RestoredFolders, backup_id: str) -> LogRestored:
    """Verify the restored log, begin its new epoch, and put the checkpoints aside that it does not reach."""
    helpers = VerifyHelpers(database_url)

    async def begin(uow: Uow, actor: Actor) -> LogRestored:
        return await begin_epoch(uow, actor, folders, helpers, backup_id)

    restored = run_use_case(database_url, begin)
    set_aside(folders, restored)
    return restored


def describe(restored: LogRestored) -> None:
    """What is lost, and what was done about it."""
    lost = f"what came after position {restored.restored_size:,} is lost"
    if restored.lost_to is not None:
        lost = f"positions {restored.lost_from:,} to {restored.lost_to:,} are lost, and what came after"
    print(f"Restored {restored.restored_size:,} events, intact; {lost}.")
    print(f"The log says so: epoch {restored.epoch}, event log.restored.")
    if restored.disabled_again:
        print(f"Disabled again, because they were later: {len(restored.disabled_again)} people.")
    numbers = ", ".join(f"{each.kind} from {each.last + 1}" for each in restored.skipped_numbers)
    print(f"Numbers go on above those that may have been given out: {numbers}.")


def chosen(repository: BackupRepository, args: argparse.Namespace) -> BackupRecord:
    return repository.named(args.backup) if args.backup else repository.newest()


def repository_of(args: argparse.Namespace, usual: Path) -> BackupRepository:
    """The folder that was named, else PARLEY_BACKUP_DIR, else the usual one."""
    with one_sentence():
        return BackupRepository(Path(args.folder or _settings().folder or usual).resolve())


def programs() -> Path:
    """The folder of PostgreSQL's programs: PARLEY_PG_BIN, else where pg_basebackup is on PATH."""
    with one_sentence():
        named = _settings().programs
    found = shutil.which("pg_basebackup")
    if not named and not found:
        raise CommandError("pg_basebackup is not there: install PostgreSQL's client, or set PARLEY_PG_BIN")
    return named or Path(str(found)).resolve().parent


def passphrase() -> str:
    """From the environment or a file; BackupError when it is short or there is none."""
    return vault.check_passphrase(_settings().passphrase.get_secret_value().strip())
