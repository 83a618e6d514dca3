"""The relay's second clock goes on whatever it finds."""

import asyncio
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select

from api.metrics import watch_disk
from core.access.roles import Role
from core.monitoring.tables import log_verifications
from core.people import service
from core.people.commands import DisablePerson
from tests.support.world import ADMINISTRATOR
from tests.workers.delivery.relay_env import RelayEnv
from workers import observe
from workers.disabled_people import FILE, disabled_people, note_disabled_people
from workers.observe import Observer


def told(name: str) -> float:
    value = REGISTRY.get_sample_value(name)
    assert value is not None
    return value


async def test_a_note_that_somebody_spoilt_is_written_anew(relay_env: RelayEnv) -> None:
    observer = Observer(relay_env.runtime, relay_env.settings)
    folder = relay_env.settings.checkpoints_dir
    folder.mkdir()
    (folder / FILE).write_bytes(b"no id\xff")
    await observer.look()
    assert disabled_people(folder) == frozenset()
    assert told("parley_vitals_timestamp_seconds") == relay_env.clock.now().timestamp()


async def test_the_figures_go_on_while_a_long_verification_runs_and_a_stop_does_not_wait_for_it(
    relay_env: RelayEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, stop = asyncio.Event(), asyncio.Event()

    async def for_hours(*_: object) -> None:
        begun.set()
        await asyncio.sleep(3600)

    monkeypatch.setattr(observe, "verify_when_due", for_hours)
    monkeypatch.setattr(observe, "LOOK_SECONDS", 0.01)
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(Observer(relay_env.runtime, relay_env.settings).run(stop))
        await begun.wait()
        relay_env.later(minutes=1)
        while told("parley_vitals_timestamp_seconds") != relay_env.clock.now().timestamp():
            await asyncio.sleep(0.01)
        stop.set()


def test_a_folder_that_is_not_there_takes_no_other_metric_away(tmp_path: Path) -> None:
    watch_disk("a place of this test", tmp_path / "none")
    watch_disk("another place of this test", tmp_path)
    shares = {
        each.labels["place"]: each.value
        for family in REGISTRY.collect()
        for each in family.samples
        if each.name == "parley_disk_free_ratio"
    }
    assert 0 < shares["another place of this test"] < 1
    assert shares["a place of this test"] != shares["a place of this test"], "not a number"


async def test_the_log_is_verified_and_what_was_found_is_kept(relay_env: RelayEnv) -> None:
    await relay_env.world.a_request()
    await relay_env.run_relay()
    observer = Observer(relay_env.runtime, relay_env.settings)
    await observer.verify()
    await observer.verify()
    async with relay_env.world.engine.connect() as connection:
        rows = (await connection.execute(select(log_verifications.c.intact))).all()
    assert [row.intact for row in rows] == [True]


async def test_who_is_disabled_is_noted_in_every_folder_that_can_be_written(
    relay_env: RelayEnv, tmp_path: Path
) -> None:
    gone = await relay_env.world.a_person(Role.requester)
    await relay_env.world.act(ADMINISTRATOR, service.disable_person, DisablePerson(gone.id))
    (tmp_path / "a file").touch()
    folders = (tmp_path / "one", tmp_path / "a file", tmp_path / "two")
    async with relay_env.world.engine.connect() as connection:
        await note_disabled_people(connection, folders)
    assert [disabled_people(tmp_path / name) for name in ("one", "two")] == [frozenset({gone.id})] * 2
