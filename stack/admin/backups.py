"""The commands ``backup`` and ``restore``: what is where in this installation; the package ``backup`` does the work.

One rule: a restore overwrites nothing: what is there is moved aside and named.

    ./parley backup                        while everything runs
    ./parley restore --verify              try the newest backup in a folder of its own, and delete that again
    ./parley down && ./parley restore      the newest backup becomes this installation
"""

import argparse
import asyncio
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from administration.backups import (
    back_up,
    chosen,
    describe,
    mark,
    one_sentence,
    passphrase,
    repository_of,
    restore_data,
)
from administration.logins import NAME, DatabaseUrls, urls_on, with_login
from administration.run import run_use_case
from backup import vault
from backup.errors import BackupError
from backup.make_backup import BackupSources
from backup.postgres_tools import PostgresTools
from backup.repository import BackupRecord, BackupRepository
from backup.restore_backup import RestoredFolders, build_data_folder, verify_restored, write_back
from core.access.actor import Actor
from core.kernel.clock import SystemClock
from core.log.verify import Verification
from core.log.verify_helpers import VerifyHelpers
from core.uow import Uow
from stack import installation, stored_secrets
from stack.errors import StackError
from stack.paths import Paths
from stack.ports import HOST, find_free
from stack.services import database, postgres
from stack.services.postgres import EmbeddedPostgres
from stack.supervisor.status_file import read_status

_READY_SECONDS = 120


def backup(paths: Paths, args: argparse.Namespace) -> int:
    """Back up the running installation, verify the copy, and note it in the database."""
    running = installation.load(paths)
    server = os.environ.get("PARLEY_BACKUP_URL") or (
        os.environ["DATABASE_URL"] if running.uses_own_database else running.admin_url
    )
    places = {"keys": paths.keys, "checkpoints": paths.checkpoints, "run/secrets.json": paths.secrets}
    sources = BackupSources(server, paths.files, places)
    tools = PostgresTools(postgres.find_binaries())
    return back_up(running.databases.app, sources, tools, _repository(paths, args), args)


def restore(paths: Paths, args: argparse.Namespace) -> int:
    """Restore a backup, or only try it."""
    repository = _repository(paths, args)
    with one_sentence():
        record = chosen(repository, args)
        if args.verify:
            return _try(paths, repository, record)
        if args.into is not None:
            return _restore_data(paths, repository, record, args)
        if args.mark:
            describe(mark(installation.load(paths).databases.app, _folders(paths), record.id))
            return 0
        return _restore(paths, repository, record, args.wal)


def _restore(paths: Paths, repository: BackupRepository, record: BackupRecord, wal: Path | None) -> int:
    if read_status(paths.state).alive:
        raise StackError("Parley is running: type './parley down' first")
    if os.environ.get("DATABASE_URL"):
        raise StackError(
            "the database is your own server: stop it, type './parley restore --into DIR' with its data folder, "
            "start it, then type './parley restore --mark'"
        )
    secret = passphrase()
    vault.unlock(repository.vault(record.id).read_bytes(), secret)
    paths.make()
    folders, data = _folders(paths), paths.var / "postgres"
    for place in (data, paths.secrets):
        _move_aside(place)
    build_data_folder(repository, record, PostgresTools(postgres.find_binaries()), data, wal)
    write_back(repository, record, folders, secret)
    with _running(paths, data) as urls:
        restored = mark(urls.app, folders, record.id)
    describe(restored)
    print("Type './parley up'. Everybody logs in anew.")
    return 0


def _try(paths: Paths, repository: BackupRepository, record: BackupRecord) -> int:
    """The whole way with nothing of this installation touched; 1 when the log is not intact."""
    secret = passphrase()
    place = Paths(paths.root, paths.var / "restore-try")
    shutil.rmtree(place.var, ignore_errors=True)
    try:
        place.make()
        folders, data = _folders(place), place.var / "postgres"
        build_data_folder(repository, record, PostgresTools(postgres.find_binaries()), data)
        write_back(repository, record, folders, secret)
        with _running(place, data) as urls:
            found = _verify(urls, folders)
    finally:
        shutil.rmtree(place.var, ignore_errors=True)
    if not found.ok:
        raise BackupError(
            f"the log in backup {record.id} is broken at position {found.first_bad_position}: {found.problem}"
        )
    print(f"Backup {record.id} was restored and started beside this installation, and deleted again.")
    print(f"Its {found.events:,} events are intact and agree with every checkpoint up to there.")
    return 0


def _restore_data(
    paths: Paths, repository: BackupRepository, record: BackupRecord, args: argparse.Namespace
) -> int:
    vault.unlock(repository.vault(record.id).read_bytes(), passphrase())
    paths.make()
    _move_aside(paths.secrets)
    restore_data(repository, record, _folders(paths), PostgresTools(postgres.find_binaries()), args)
    print(f"  ./parley restore --mark {record.id}")
    return 0


def _verify(urls: DatabaseUrls, folders: RestoredFolders) -> Verification:
    helpers = VerifyHelpers(urls.app)

    async def verify(uow: Uow, actor: Actor) -> Verification:
        return await verify_restored(uow, actor, folders, helpers)

    return run_use_case(urls.app, verify)


@contextmanager
def _running(paths: Paths, data: Path) -> Iterator[DatabaseUrls]:
    """The restored server on a free port, for as long as the block lasts."""
    server = postgres.embedded_postgres(data)
    hand_over(server)
    secrets = stored_secrets.load(paths)
    port = find_free()
    with (paths.logs / "restore.log").open("ab") as log:
        process = subprocess.Popen(
            server.command(port, {"hot_standby": "off"}),  # answers only once everything is restored
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            **server.run_as.options,
        )
    try:
        admin = with_login(f"postgresql://{HOST}:{port}/postgres", postgres.SUPERUSER, secrets["postgres"])
        asyncio.run(database.wait_until_ready(admin, _READY_SECONDS))
        yield urls_on(f"postgresql://{HOST}:{port}/{NAME}", secrets)
    finally:
        process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        process.wait(_READY_SECONDS)


def hand_over(server: EmbeddedPostgres) -> None:
    """The folder belongs to whoever the server runs as."""
    if server.run_as.user is not None:
        owner = pwd.getpwnam(server.run_as.user)
        for path in (server.data, *server.data.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


def _move_aside(place: Path) -> None:
    if place.exists():
        aside = place.with_name(f"{place.name}.before-{SystemClock().now():%Y%m%dT%H%M%SZ}")
        place.rename(aside)
        print(f"What was there is now {aside}.")


def _folders(paths: Paths) -> RestoredFolders:
    return RestoredFolders(paths.files, paths.keys, paths.checkpoints, {"run": paths.run})


def _repository(paths: Paths, args: argparse.Namespace) -> BackupRepository:
    return repository_of(args, paths.var / "backups")
