"""Whatever a database says about what people wrote stays out of every log, and an installation's files are private."""

import json
import logging as std_logging
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import structlog

from api import logging
from sandbox.error_logging import TypesOnly
from stack import cli
from stack.admin import doctor
from stack.paths import Paths
from stack.services import postgres
from stack.supervisor import supervise
from stack.supervisor.status_file import read_status
from tests.bots.bot_env import free_port
from tests.support.postgres import Database

ROOT = Path(__file__).parents[2]
WRITTEN = "four hundred lapis lazuli doorknobs"
BAD = (
    f"INSERT INTO notes (id, words) VALUES (1, '{WRITTEN}')",
    f"INSERT INTO notes (id, words) VALUES (2, '{WRITTEN * 9}')",
    f"SELECT '{WRITTEN}'::int",
    f"SELECT '{WRITTEN}' FROM nowhere",
    f"THIS IS NO STATEMENT '{WRITTEN}'",
)


async def refused(connection: Any, *statement: Any) -> asyncpg.PostgresError:
    with pytest.raises(asyncpg.PostgresError) as refusal:
        await connection.execute(*statement)
    return refusal.value


async def test_the_servers_own_log_repeats_nothing_that_was_refused(tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("server")
    server = postgres.embedded_postgres(folder / "data")
    postgres.make_cluster(server, "a password", sync=False)
    port, log = free_port(), folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            server.command(port, {"fsync": "off"}), stdout=out, stderr=out, **server.run_as.options
        )
    try:
        connection = await connected(f"postgresql://postgres:a%20password@127.0.0.1:{port}/postgres")
        await connection.execute("CREATE TABLE notes (id int PRIMARY KEY, words varchar(40))")
        await connection.execute("INSERT INTO notes VALUES (1, 'x')")
        for statement in BAD:
            await refused(connection, statement)
        await refused(connection, "INSERT INTO notes VALUES ($1, $2)", 1, WRITTEN)
        await connection.close()
    finally:
        process.terminate()
        process.wait(20)
    told = log.read_text(errors="replace")
    assert "database system is ready" in told
    assert "lapis" not in told


async def connected(url: str) -> Any:
    limit = time.monotonic() + 60
    while True:
        try:
            return await asyncpg.connect(url)
        except (OSError, asyncpg.PostgresError):
            assert time.monotonic() < limit
            time.sleep(0.1)


async def test_a_refusal_of_the_database_is_logged_without_its_row(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.set_up()
    connection = await asyncpg.connect(database.admin_url)
    await connection.execute("CREATE TABLE notes (id int PRIMARY KEY, words varchar(40))")
    await connection.execute("INSERT INTO notes VALUES (1, 'x')")
    errors = [await refused(connection, statement) for statement in BAD]
    await connection.close()
    assert "lapis" in "".join(map(str, errors))
    for error in errors:
        std_logging.getLogger("asyncpg").error("refused: %s", error, exc_info=error)
        structlog.get_logger().error("failed", exc_info=error)
        assert "lapis" not in logging.describe_error(error)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert len(lines) == 2 * len(BAD)
    assert "lapis" not in str(lines)


async def test_a_migration_that_fails_says_where_and_repeats_no_row(empty_database: Database) -> None:
    connection = await asyncpg.connect(empty_database.owner_url)
    await connection.execute("CREATE TABLE audit_events (id int)")
    await connection.close()
    ended = subprocess.run(
        [sys.executable, "-m", "administration.migrate"],
        cwd=ROOT,
        env={"PARLEY_DB_OWNER_URL": empty_database.owner_url, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 1
    assert "the migration failed: DuplicateTableError at" in ended.stderr
    assert "CREATE TABLE audit_events" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "parameters" not in ended.stderr


def test_the_sandbox_tells_types_and_places() -> None:
    try:
        raise ValueError(WRITTEN)
    except ValueError as error:
        record = std_logging.LogRecord(
            "aiohttp",
            40,
            "web.py",
            7,
            "Error handling %s",
            (WRITTEN,),
            (ValueError, error, error.__traceback__),
        )
    told = TypesOnly().format(record)
    assert "ValueError at test_private.py:" in told
    assert "lapis" not in told


def test_an_installations_folders_are_their_owners_alone_also_those_of_an_earlier_version(
    tmp_path: Path,
) -> None:
    paths = Paths(ROOT, tmp_path / "var")
    for folder in paths.private:
        folder.mkdir(parents=True, mode=0o755)
    old = paths.logs / "api.log"
    old.write_text(WRITTEN)
    old.chmod(0o644)
    [before] = list(doctor._files(paths, read_status(paths.state)))
    assert not before.ok
    paths.make()
    assert {folder.name: folder.stat().st_mode & 0o777 for folder in paths.private} == dict.fromkeys(
        (folder.name for folder in paths.private), 0o700
    )
    assert old.stat().st_mode & 0o777 == 0o600
    [after] = list(doctor._files(paths, read_status(paths.state)))
    assert after.ok


def test_what_the_supervisor_and_its_services_write_is_their_owners(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def supervised(paths: Paths, options: object) -> int:
        (tmp_path / "folder").mkdir()
        return (tmp_path / "made").write_text(WRITTEN)

    monkeypatch.setattr(supervise, "supervise", supervised)
    usual = os.umask(0o022)
    try:
        cli.main(["supervise"])
    finally:
        os.umask(usual)
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "folder").stat().st_mode & 0o777 == 0o700
