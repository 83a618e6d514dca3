"""The stages are what the log says, computed slowly, however often and in whatever pieces it is read."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from core.access.actor import Actor
from core.access.roles import Role
from core.db.engine import Engine, make_engine
from core.kernel.errors import MissingPermission
from core.log.seal import Subscriptions, seal
from core.stage_visits import service
from tests.core.analytics.random_log import random_events, write_log
from tests.core.analytics.slow_measure import SlowMeasure
from tests.support.postgres import Database
from tests.support.purchase_walk import walk
from tests.support.uow import SmallCompany, begin
from tests.support.world import World

MEASURER = Actor.system(Role.system_dashboard)
COLUMNS = "subject_id, stage, visit, request_id, step_id, entered_at, left_at, stopped, calendar_s, paused_s"


class Killed(Exception):
    """The worker dies in the middle of it."""


class Measured:
    """The table, fed as the subscriber feeds it."""

    def __init__(self, company: SmallCompany) -> None:
        self.company = company

    async def measure(self, position: int, *, killed: bool = False) -> None:
        try:
            async with begin(self.company.app, MEASURER, self.company.clock) as uow:
                reached = (await service.measure(uow, MEASURER, position)).up_to
                if killed:
                    raise Killed
        except Killed:
            return
        if reached < position:
            await self.measure(position)

    async def rebuild(self, pieces: int = 1_000) -> None:
        so_far = None
        while pieces and (so_far is None or not so_far.ended):
            async with begin(self.company.app, MEASURER, self.company.clock) as uow:
                so_far = await service.rebuild(uow, MEASURER, so_far)
            pieces -= 1

    async def rows(self) -> set[tuple[Any, ...]]:
        async with self.company.app.connect() as connection:
            return {
                tuple(row) for row in await connection.execute(text(f"SELECT {COLUMNS} FROM stage_visits"))
            }


@pytest.fixture
async def measured(company: SmallCompany) -> Measured:
    return Measured(company)


async def _requests_of(database: Database, events: list[dict[str, Any]], company: SmallCompany) -> None:
    """The requests that the events are about, because the rebuild goes through them."""
    await database.hand.execute(
        "INSERT INTO departments (code, name) VALUES ('IT', 'IT');"
        "INSERT INTO cost_centres (code, name, department) VALUES ('IT', 'IT', 'IT')"
    )
    rows = [
        (each, f"REQ-{place}", company.requester.person_id, company.clock.at)
        for place, each in enumerate(sorted({event["request_id"] for event in events}))
    ]
    await database.hand.executemany(
        "INSERT INTO procurement_requests (id, number, state, version, requested_by, cost_centre, currency, note,"
        " created_at, updated_at) VALUES ($1, $2, 'draft', 1, $3, 'IT', 'USD', '', $4, $4)",
        rows,
    )


@pytest.mark.parametrize("seed", range(4))
async def test_stages_are_what_a_slow_reading_of_the_log_finds(
    measured: Measured, database: Database, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read in random pieces, some of them by a worker that dies, some twice and some late; then made anew.

    The first rebuild breaks off halfway, and what is measured from there on comes to the same.
    """
    monkeypatch.setattr(service, "EVENTS_AT_ONCE", 90)
    monkeypatch.setattr(service, "PURCHASES_AT_ONCE", 5)
    events, dice = random_events(seed, 16, 320), random.Random(seed)
    await _requests_of(database, events, measured.company)
    await write_log(database.hand, events)
    for turn in range(14):
        up_to = dice.randrange(1, len(events) + 1)
        await measured.measure(up_to, killed=dice.random() < 0.4)
        if turn == 4:
            await measured.rebuild(pieces=2)
    await measured.measure(len(events))
    expected = SlowMeasure().read(events).rows
    assert len({row[1] for row in expected}) == 10, "every stage occurs"
    assert await measured.rows() == expected
    await measured.rebuild()
    assert await measured.rows() == expected


async def test_at_any_event_the_open_visits_are_those_of_the_log_until_then(
    measured: Measured, database: Database
) -> None:
    events = random_events(99, 4, 60)
    await write_log(database.hand, events)
    for place in range(1, len(events) + 1, 5):
        await measured.measure(place)
        assert await measured.rows() == SlowMeasure().read(events[:place]).rows


async def test_workers_at_the_same_moment_measure_each_position_once(
    measured: Measured, database: Database
) -> None:
    events = random_events(7, 6, 120)
    await write_log(database.hand, events)
    await asyncio.gather(*(measured.measure(place) for place in range(1, len(events), 9)))
    await measured.measure(len(events))
    assert await measured.rows() == SlowMeasure().read(events).rows


@pytest.fixture
async def sealer(database: Database) -> AsyncIterator[Engine]:
    engine = make_engine(database.sealer_url, size=1)
    yield engine
    await engine.dispose()


async def test_real_purchases_in_every_state_are_measured(
    world: World, database: Database, sealer: Engine
) -> None:
    async for _ in walk(world):
        pass
    async with sealer.begin() as connection:
        await seal(connection, Subscriptions({}), world.now)
    rows = await database.hand.fetch("SELECT * FROM audit_events ORDER BY position")
    events = [{**dict(row), "data": json.loads(row["data"])} for row in rows]
    async with begin(world.engine, MEASURER, world.clock) as uow:
        await service.measure(uow, MEASURER, events[-1]["position"])
    async with world.engine.connect() as connection:
        found = {tuple(row) for row in await connection.execute(text(f"SELECT {COLUMNS} FROM stage_visits"))}
    assert found == SlowMeasure().read(events).rows
    assert {row[1] for row in found} >= {
        "asking",
        "quoting",
        "choosing",
        "approving",
        "deciding",
        "receiving",
    }


async def test_nobody_but_the_system_measures(company: SmallCompany) -> None:
    async with begin(company.app, company.admin, company.clock) as uow:
        with pytest.raises(MissingPermission):
            await service.rebuild(uow, company.admin, None)
