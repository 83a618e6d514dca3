"""The subscriber ``analytics``: a backlog is measured piece by piece, and by no calendar if need be."""

import datetime as dt

import pytest

from core.stage_visits import service
from tests.workers.delivery.worker_env import WorkerEnv
from workers import calendars
from workers.outcome import DeliveryPostponed
from workers.subscribers import measure_stages

MEASURED_ALL = """
    SELECT (SELECT position FROM measured_log) = (SELECT max(position) FROM deliveries WHERE subscriber = 'analytics')
"""


async def _country(env: WorkerEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "free_days", lambda country, first, last: set())
    async with env.world.engine.begin() as connection:
        await connection.script("UPDATE organisation SET country = 'DE'")


async def test_a_backlog_is_measured_over_several_deliveries(
    worker_env: WorkerEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    postponed: list[str] = []

    def postponing(delay: dt.timedelta, why: str) -> DeliveryPostponed:
        postponed.append(why)
        return DeliveryPostponed(delay, why)

    monkeypatch.setattr(measure_stages, "DeliveryPostponed", postponing)
    monkeypatch.setattr(measure_stages, "SECONDS", 0)
    monkeypatch.setattr(service, "EVENTS_AT_ONCE", 6)
    await _country(worker_env, monkeypatch)
    await worker_env.world.an_order(acknowledged=True)
    await worker_env.settle()
    assert len(postponed) > 2
    assert await worker_env.parked_count() == 0
    assert await worker_env.scalar(MEASURED_ALL)
    assert await worker_env.scalar("SELECT calendar NOT LIKE '%>%' AND calendar <> '' FROM measured_log")
    worked = "SELECT bool_and(working_s = calendar_s) FROM stage_visits WHERE left_at IS NOT NULL"
    assert await worker_env.scalar(worked), "also of what was measured before there was a calendar"


async def test_a_calendar_that_cannot_be_kept_stops_no_measuring(
    worker_env: WorkerEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _country(worker_env, monkeypatch)

    async def fails(*_: object) -> None:
        raise OSError("no calendar")

    monkeypatch.setattr(service, "set_calendar", fails)
    await worker_env.world.an_order()
    await worker_env.settle()
    assert await worker_env.scalar(MEASURED_ALL)
    assert await worker_env.scalar("SELECT calendar = '' FROM measured_log")
