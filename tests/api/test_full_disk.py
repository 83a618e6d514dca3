"""A full disk: readiness says so, nothing is half stored, nobody stops, and afterwards everything goes on."""

import datetime as dt
import errno
import io
import shutil
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from api.contract import endpoints as e
from api.logging import LossyStream
from api.server.routes import health
from api.server.routes.health import LEAST_FREE_BYTES
from api.server.write_probe import WriteProbe
from core.documents.store import FileStore
from stack.admin import doctor
from stack.paths import Paths
from stack.supervisor.status_file import ServiceStatus, StatusFile, read_status
from tests.support.api import Api, ProblemError
from tests.support.postgres import Database
from tests.support.world import World

FULL = OSError(errno.ENOSPC, "No space left on device")


class Disk:
    """How much is free, by folder."""

    def __init__(self) -> None:
        self.free = 100 * LEAST_FREE_BYTES
        self.asked: list[Path] = []

    def usage(self, folder: Path) -> Any:
        self.asked.append(Path(folder))
        return shutil._ntuple_diskusage(10**12, 0, self.free)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk()
    monkeypatch.setattr(shutil, "disk_usage", made.usage)
    return made


async def test_readiness_says_that_there_is_no_room_for_files(api: Api, disk: Disk) -> None:
    before = await api.send("GET", "/health/ready")
    disk.free = LEAST_FREE_BYTES - 1
    full = await api.send("GET", "/health/ready")
    disk.free = LEAST_FREE_BYTES
    after = await api.send("GET", "/health/ready")
    assert [each.status_code for each in (before, full, after)] == [200, 503, 200]
    assert [each.json()["checks"]["disk"] for each in (before, full, after)] == ["ok", "full", "ok"]
    assert set(disk.asked) == {api.app.state.settings.files_dir}
    assert (await api.send("GET", "/health/live")).status_code == 200


PROBE = "pg_logical_emit_message(true, 'parley', 'ready')"


async def test_readiness_writes_at_most_every_ten_seconds(api: Api, database: Database) -> None:
    """Each try uses up a transaction's number, and is the only thing here that does."""
    now = 1_000.0
    api.app.state.write_probe = WriteProbe(lambda: now)

    async def numbers_used(looks: int) -> int:
        ask = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
        before = await database.hand.fetchval(ask)
        for _ in range(looks):
            assert (await api.send("GET", "/health/ready")).status_code == 200
        return int(await database.hand.fetchval(ask) - before)

    assert await numbers_used(1) == 1
    now += 9.9
    assert await numbers_used(20) == 0
    now += 0.1
    assert await numbers_used(20) == 1


async def test_a_full_disk_is_told_within_ten_seconds_and_for_as_long_as_it_is_full(
    api: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    api.app.state.write_probe = WriteProbe(lambda: now)
    await database.hand.execute(
        "CREATE FUNCTION full_disk() RETURNS pg_lsn LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$"
    )

    async def look() -> tuple[int, str]:
        answer = await api.send("GET", "/health/ready")
        return answer.status_code, answer.json()["checks"]["database"]

    assert await look() == (200, "ok")
    with monkeypatch.context() as full:
        full.setattr(health, "_QUESTION", health._QUESTION.replace(PROBE, "full_disk()"))
        now += 10
        for _ in range(30):
            assert await look() == (503, "DiskFullError")
            now += 1
    assert await look() == (200, "ok")
    full.setattr(health, "_QUESTION", health._QUESTION.replace(PROBE, "full_disk()"))
    now += 1
    assert await look() == (503, "DiskFullError"), "one small write that fits proves little"
    full.undo()
    await database.hand.execute("DROP FUNCTION full_disk")
    for _ in range(70):
        assert await look() == (200, "ok")
        now += 1
    assert not api.app.state.write_probe.is_due


async def test_a_command_on_a_full_disk_is_refused_for_now_and_taken_afterwards(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    requester = api.as_(await world.a_requester())
    body = {
        "lines": [{"description": "Lamp", "quantity": "3"}],
        "currency": "USD",
        "needed_by": str(world.today + dt.timedelta(days=30)),
        "cost_centre": "IT",
        "submit": True,
    }

    async def no_room(*_: object) -> None:
        raise asyncpg.DiskFullError("could not extend file")

    with monkeypatch.context() as full:
        full.setattr("core.uow.append", no_room)
        with pytest.raises(ProblemError) as refused:
            await requester.call(e.create_request, body, key="the-same")
    assert (refused.value.status, refused.value.code) == (503, "unavailable")
    made = await requester.call(e.create_request, body, key="the-same")
    assert await world.events_of(made.id) == ["request.created", "request.submitted"]


def test_half_a_file_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(tmp_path)

    def no_room(_: int) -> None:
        raise FULL

    with monkeypatch.context() as full:
        full.setattr("core.documents.store.os.fsync", no_room)
        with pytest.raises(OSError, match="No space"):
            store.put("ab12", b"content")
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []
    store.put("ab12", b"content")
    assert store.get("ab12") == b"content"


def test_a_log_on_a_full_disk_loses_lines_and_stops_nobody() -> None:
    class FullDisk(io.StringIO):
        def write(self, line: str) -> int:
            raise FULL

    stream = LossyStream(FullDisk())
    assert stream.write("a line") == 0
    with Path("/dev/full").open("w") as full:
        LossyStream(full).write("a line")
        LossyStream(full).flush()
        full.buffer.raw.close()  # type: ignore[attr-defined]
    kept = io.StringIO()
    assert LossyStream(kept).write("a line") == 6
    assert kept.getvalue() == "a line"


def test_the_supervisor_goes_on_without_its_status_file_and_writes_it_when_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = StatusFile(tmp_path / "state.json", services={"api": ServiceStatus()})
    status.write()

    def no_room(*_: object, **__: object) -> None:
        raise FULL

    with monkeypatch.context() as full:
        full.setattr("stack.json_files.json.dump", no_room)
        status.update("api", restarts=1)
    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]
    assert read_status(status.path).services["api"].restarts == 0
    status.update("api", restarts=2)
    assert read_status(status.path).services["api"].restarts == 2


def test_doctor_measures_the_folder_that_is_used(tmp_path: Path, disk: Disk) -> None:
    paths = Paths(root=tmp_path / "clone", var=tmp_path / "elsewhere" / "var")
    disk.free = 1_000_000_000
    (finding,) = doctor._disk(paths, StatusFile(tmp_path / "state.json"))
    assert disk.asked == [tmp_path]
    assert (finding.ok, finding.seen) == (False, f"1.0 GB free at {tmp_path}")
    paths.var.mkdir(parents=True)
    disk.free = 50_000_000_000
    (finding,) = doctor._disk(paths, StatusFile(tmp_path / "state.json"))
    assert (finding.ok, disk.asked[-1]) == (True, paths.var)
