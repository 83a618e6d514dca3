"""A run of a feature is carried out in pieces by several deliveries, and one that keeps failing is given up."""

import datetime as dt

import pytest
from sqlalchemy import text

from core.access.actor import Actor
from core.access.roles import Role
from core.insights import pieces
from core.insights.model import GIVEN_UP_AFTER
from core.insights.service import RunOutcome
from core.vendor_facts.model import FactColumns
from core.vendor_scores import service as vendor_scores
from core.vendor_scores.model import PartsOfVendors
from tests.workers.delivery.worker_env import START, WorkerEnv
from workers import insight_runs
from workers.insight_runs import RunStage, RunWork
from workers.outcome import DeliveryPostponed
from workers.subscribers import score_vendors

INSIGHTS = Actor.system(Role.system_insights)
RUNS = "SELECT string_agg(status || coalesce(metrics->>'why', ''), ',') FROM ml_runs WHERE feature = 'vendor_score'"
ENDED = "SELECT finished_at FROM ml_runs WHERE feature = 'vendor_score'"
KEPT = "SELECT count(*) FROM ml_run_pieces"


async def test_a_run_is_collected_over_several_deliveries(
    worker_env: WorkerEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    postponed: list[str] = []

    def postponing(delay: dt.timedelta, why: str) -> DeliveryPostponed:
        postponed.append(why)
        return DeliveryPostponed(delay, why)

    monkeypatch.setattr(insight_runs, "DeliveryPostponed", postponing)
    monkeypatch.setattr(insight_runs, "SECONDS", 0)
    monkeypatch.setattr(pieces, "ROWS_AT_ONCE", 1)
    await worker_env.world.an_order(acknowledged=True)
    await worker_env.settle()
    assert len(postponed) >= len(vendor_scores.STEPS)
    assert await worker_env.scalar(RUNS) == "finished"
    assert await worker_env.scalar(KEPT) == 0
    assert await worker_env.parked_count() == 0


async def test_no_other_run_begins_while_one_is_tried(worker_env: WorkerEnv) -> None:
    await worker_env.world.an_order(acknowledged=True)
    await worker_env.settle()
    worker_env.clock.at = night = START.replace(hour=2) + dt.timedelta(days=1)
    begun_before = "UPDATE ml_runs SET status = 'running', finished_at = NULL, started_at = :night - :before"
    async with worker_env.world.engine.begin() as connection:
        uow = worker_env.runtime.uow(connection, INSIGHTS)
        for hours, due in ((4, ()), (7, (night.date(),))):
            before = {"night": night, "before": dt.timedelta(hours=hours)}
            await connection.execute(text(begun_before).bindparams(**before))
            assert await vendor_scores.due(uow) == due, "begun yesterday"


async def test_a_run_that_keeps_failing_is_given_up_and_parked(
    worker_env: WorkerEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[dt.datetime] = []

    def fails(known: FactColumns, before: PartsOfVendors) -> RunOutcome:
        tries.append(worker_env.clock.now())
        raise ZeroDivisionError

    first, last = score_vendors.WORK.stages
    work = RunWork(vendor_scores.STEPS, [first, RunStage(last.inputs, fails)])
    monkeypatch.setattr(score_vendors, "WORK", work)
    await worker_env.world.an_order(acknowledged=True)
    await worker_env.settle()
    assert tries[-2] - START <= GIVEN_UP_AFTER < tries[-1] - START < 2 * GIVEN_UP_AFTER
    assert (await worker_env.scalar(RUNS)).startswith("failedZeroDivisionError")
    assert await worker_env.scalar(ENDED) == tries[-1]
    assert await worker_env.scalar(KEPT) == 0
    assert await worker_env.parked_count() == 1
    parked = "SELECT data->>'subscriber' FROM audit_events WHERE type = 'delivery.parked'"
    assert await worker_env.scalar(parked) == "scores"
