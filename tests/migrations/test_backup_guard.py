"""An upgrade that wants a recent backup does not begin without one."""

import datetime as dt

import asyncpg
import pytest

from migrations.run import NoRecentBackup, check_backup, downgrade, upgrade
from tests.support.postgres import Database, in_thread

WANTED = {"PARLEY_MIGRATE_NEEDS_BACKUP_HOURS": "24"}
BEFORE_THE_HEAD = "0052"


async def backed_up(url: str, hours_ago: float) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(
        "INSERT INTO backups (id, kind, log_size, size_bytes, made_at)"
        " VALUES (gen_random_uuid(), 'full', 1, 1, now() - $1::interval)",
        dt.timedelta(hours=hours_ago),
    )
    await connection.close()


async def test_an_older_database_needs_a_recent_backup(
    empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = empty_database.owner_url
    monkeypatch.setattr("migrations.run.head", lambda: "9999")
    in_thread(check_backup, url, WANTED)  # nothing there, nothing to lose
    in_thread(upgrade, url, "0050")
    with pytest.raises(NoRecentBackup, match="no backup of the last 24 hours"):
        in_thread(check_backup, url, WANTED)  # a revision without the table
    in_thread(upgrade, url, BEFORE_THE_HEAD)
    await backed_up(url, 25)
    with pytest.raises(NoRecentBackup):
        in_thread(check_backup, url, WANTED)
    in_thread(check_backup, url, {})  # nobody asked for the guard
    await backed_up(url, 23)
    in_thread(check_backup, url, WANTED)
    in_thread(downgrade, url, "base")


async def test_a_current_database_needs_none(database: Database) -> None:
    in_thread(check_backup, database.owner_url, WANTED)


async def test_a_wrong_number_of_hours_is_told(database: Database) -> None:
    with pytest.raises(NoRecentBackup, match="such as 24"):
        in_thread(check_backup, database.owner_url, {"PARLEY_MIGRATE_NEEDS_BACKUP_HOURS": "a day"})
