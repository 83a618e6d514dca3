"""Once a day what was to be approved lately is looked at again, and the run is kept."""

import datetime as dt
from uuid import UUID

import pytest
from sqlalchemy import select

from core.access.actor import Actor
from core.checks.model import CheckRule
from core.findings import service
from core.insights import service as insights
from core.insights.commands import SwitchInsight
from core.insights.states import Feature
from core.insights.tables import ml_runs
from core.kernel.clock import FixedClock
from core.log.stored import read_event
from core.uow import Uow
from tests.core.findings.cases import SYSTEM, Case
from tests.support.schedule_ticks import runtime_at
from tests.support.uow import begin
from tests.support.world import World
from workers.subscribers import check_findings


async def begun(world: World) -> list[UUID]:
    """What the clock does: the events of the runs that it began."""
    async with begin(world.engine, SYSTEM, world.clock) as uow:
        for since in await service.due_again(uow):
            await service.begin_again(uow, SYSTEM, since)
        return [each.id for each in uow.recorded_events]


async def carried_out(world: World, event_id: UUID) -> None:
    """What a worker does with it."""
    async with runtime_at(world) as runtime:
        async with world.engine.begin() as connection:
            stored = await read_event(connection, event_id)
        await check_findings.run(runtime, stored.decode(), stored)


async def looked_again(world: World) -> bool:
    events = await begun(world)
    for event_id in events:
        await carried_out(world, event_id)
    return bool(events)


async def test_a_purchase_that_no_event_told_of_is_found_at_night_and_once(world: World) -> None:
    case = await Case.begin(world)
    world.clock = FixedClock(world.now)
    approval = await case.proposed("1180")
    assert await case.kept(approval.request_id) == []
    assert await looked_again(world)
    found = await case.kept(approval.request_id)
    assert CheckRule.new_vendor in {each.rule for each in found}
    assert not await looked_again(world)
    world.clock = FixedClock(world.now + dt.timedelta(days=1))
    assert await looked_again(world)
    assert await case.kept(approval.request_id) == found
    async with world.engine.connect() as connection:
        runs = (await connection.execute(select(ml_runs).order_by(ml_runs.c.started_at))).all()
    assert [(run.feature, run.status, run.n) for run in runs] == [("findings", "finished", 1)] * 2
    assert [run.metrics["found"] for run in runs] == [len(found), 0]


async def test_switched_off_nobody_looks(world: World) -> None:
    await world.act(
        await world.an_admin(), insights.switch_insight, SwitchInsight(Feature.findings, enabled=False)
    )
    assert not await looked_again(world)


async def test_a_second_clock_begins_no_second_run(world: World) -> None:
    async with begin(world.engine, SYSTEM, world.clock) as uow:
        [since] = await service.due_again(uow)
    assert len(await begun(world)) == 1
    async with begin(world.engine, SYSTEM, world.clock) as uow:
        await service.begin_again(uow, SYSTEM, since)
        assert list(uow.recorded_events) == []


async def test_what_was_found_before_an_error_stays_and_the_rest_follows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker dies at the second approval; meanwhile nothing is begun anew, and the delivery comes again."""
    case = await Case.begin(world)
    first, second = await case.proposed("1180"), await case.proposed("1180")
    [event_id] = await begun(world)
    check = service.check_approval

    async def dies(uow: Uow, actor: Actor, approval_id: UUID) -> int:
        if approval_id == second.id:
            raise ConnectionError("the worker dies")
        return await check(uow, actor, approval_id)

    with monkeypatch.context() as broken:
        broken.setattr(service, "check_approval", dies)
        with pytest.raises(ConnectionError):
            await carried_out(world, event_id)
    assert await case.kept(first.request_id) != []
    assert await case.kept(second.request_id) == []
    assert await begun(world) == []
    await carried_out(world, event_id)
    assert await case.kept(second.request_id) != []
