"""Migrations in-process: up, down, the database's revision, and whether the tables match the models.

    upgrade(url)    downgrade(url, revision)    current(url)    head()    differences(url)

One rule: a migration waits at most 2 s for a lock and then fails, so that readers do not queue behind it.

Two upgrades at once run one after the other. Call these functions in a thread without a running event loop.

    python -m migrations.run upgrade        to the head, with PARLEY_DB_OWNER_URL
"""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

_LOCK = 0x7061726C6579  # "parley"
_SETTINGS = {"lock_timeout": "2000", "application_name": "parley migrations", "timezone": "UTC"}
T = TypeVar("T")


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to a revision."""
    asyncio.run(_run_in_connection(url, lambda connection: command.upgrade(_config(connection), revision)))


def downgrade(url: str, revision: str) -> None:
    """Take the database back to a revision; "base" is before the first."""
    asyncio.run(_run_in_connection(url, lambda connection: command.downgrade(_config(connection), revision)))


def current(url: str) -> str | None:
    """The revision of the database."""
    return asyncio.run(
        _run_in_connection(url, lambda c: MigrationContext.configure(c).get_current_revision(), lock=False)
    )


def head() -> str | None:
    """The newest revision of this code."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def differences(url: str) -> list[object]:
    """Differences between the models and the database; empty when they match."""
    from core.db.schema import metadata

    def compare(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    return asyncio.run(_run_in_connection(url, compare, lock=False))


def _config(connection: Connection | None = None) -> Config:
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


def main(arguments: list[str]) -> int:
    """``upgrade``, with the owner's address from the environment."""
    if arguments != ["upgrade"]:
        print("type: python -m migrations.run upgrade", file=sys.stderr)
        return 2
    url = os.environ["PARLEY_DB_OWNER_URL"]
    try:
        upgrade(url)
    except DBAPIError as error:  # its own words repeat the row that it is about
        kind = type(error.orig.__cause__ or error.orig).__name__ if error.orig else type(error).__name__
        print(f"the migration failed: {kind} at {(error.statement or '')[:200]}", file=sys.stderr)
        return 1
    print(f"the database stands at {current(url)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
