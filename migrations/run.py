"""Migrations in-process: up, down, the database's revision, and whether the tables match the models.

    upgrade(url)    downgrade(url, revision)    current(url)    head()    differences(url)

One rule: a migration waits at most 2 s for a lock and then fails, so that readers do not queue behind it.

Two upgrades at once run one after the other. Call these functions in a thread without a running event loop.

With PARLEY_MIGRATE_NEEDS_BACKUP_HOURS a database that has something to migrate and no backup of the last hours is left
as it is: ``check_backup``.
"""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

_LOCK = 0x7061726C6579  # "parley"
_SETTINGS = {"lock_timeout": "2000", "application_name": "parley migrations", "timezone": "UTC"}
T = TypeVar("T")


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to a revision."""
    asyncio.run(
        _run_in_connection(url, lambda connection: command.upgrade(alembic_config(connection), revision))
    )


class NoRecentBackup(Exception):
    """Says in one sentence what to do."""


def check_backup(url: str, environment: Mapping[str, str]) -> None:
    """NoRecentBackup when one is wanted and there is none; an empty or current database needs none."""
    wanted = environment.get("PARLEY_MIGRATE_NEEDS_BACKUP_HOURS", "")
    if not wanted:
        return
    if not wanted.isdigit():
        raise NoRecentBackup("PARLEY_MIGRATE_NEEDS_BACKUP_HOURS is a whole number of hours, such as 24")
    before = current(url)
    if before is None or before == head():
        return
    hours = asyncio.run(_run_in_connection(url, _hours_since_backup, lock=False))
    if hours is None or hours > int(wanted):
        raise NoRecentBackup(
            f"there is no backup of the last {wanted} hours: make one first, with 'parley backup' "
            "('./parley backup' on one machine), then migrate"
        )


def _hours_since_backup(connection: Connection) -> float | None:
    """None when nothing was ever backed up; the table came with revision 0052."""
    if connection.scalar(text("SELECT to_regclass('backups')")) is None:
        return None
    since = text("SELECT extract(epoch FROM now() - max(made_at)) / 3600 FROM backups")
    found = connection.scalar(since)
    return None if found is None else float(found)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to a revision; "base" is before the first."""
    asyncio.run(
        _run_in_connection(url, lambda connection: command.downgrade(alembic_config(connection), revision))
    )


def current(url: str) -> str | None:
    """The revision of the database."""
    return asyncio.run(
        _run_in_connection(url, lambda c: MigrationContext.configure(c).get_current_revision(), lock=False)
    )


def head() -> str | None:
    """The newest revision of this code."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def differences(url: str) -> list[object]:
    """Differences between the models and the database; empty when they match."""
    from core.db.schema import metadata

    def compare(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    return asyncio.run(_run_in_connection(url, compare, lock=False))


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


async def _run_in_connection(url: str, work: Callable[[Connection], T], *, lock: bool = True) -> T:
    engine = create_async_engine(
        url.replace("://", "+asyncpg://", 1),
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"server_settings": _SETTINGS, "timeout": 10},
    )
    try:
        async with engine.connect() as connection:
            if lock:
                await _lock(connection)
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


async def _lock(connection: AsyncConnection) -> None:
    """Wait for another upgrade of the same database; closing the connection releases the lock."""
    await connection.execute(text("SET lock_timeout = 0"))
    await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
    await connection.execute(text("RESET lock_timeout"))
    await connection.commit()
