"""The figures that operators watch, and the log that verifies itself."""

import datetime as dt

from sqlalchemy import text

from core.db.engine import make_engine
from core.log import checkpoint
from core.log.merkle import MerkleTree
from core.log.notes import sign
from core.log.seal import Subscriptions, seal
from core.monitoring.model import Vitals
from core.monitoring.queries import vitals
from core.monitoring.service import verify_when_due
from tests.core.log.log_env import KEY
from tests.support.postgres import Database
from tests.support.world import World

DAY = dt.timedelta(days=1)


async def read(world: World, now: dt.datetime) -> Vitals:
    async with world.engine.autocommit() as connection:
        return await vitals(connection, now)


async def test_what_waits_is_counted_with_its_age(database: Database, world: World) -> None:
    await world.an_rfq()
    before = await read(world, world.now)
    assert (before.log_size, before.oldest_uncovered_at) == (0, None)
    assert before.unsealed > 3
    assert before.oldest_unsealed_at is not None
    sealer = make_engine(database.sealer_url, size=1)
    async with sealer.begin() as connection:
        subscriptions = Subscriptions({"rfq.sent": ("cards",)})
        await seal(connection, subscriptions, world.now)
    sealed = await read(world, world.now + dt.timedelta(minutes=1))
    assert (sealed.unsealed, sealed.oldest_unsealed_at, sealed.log_size) == (0, None, before.unsealed)
    assert sealed.oldest_uncovered_at is not None
    assert sealed.due["cards"].count == 1
    async with sealer.begin() as connection:
        tree = MerkleTree()
        await checkpoint.extend(connection, tree)
        await checkpoint.store(connection, sign(tree.size, tree.root(), KEY), world.now)
    await sealer.dispose()
    covered = await read(world, world.now)
    assert covered.oldest_uncovered_at is None
    assert covered.quotes_due == 0
    assert covered.database_bytes > 0


async def test_an_rfq_past_its_deadline_and_a_day_before_it_are_told(world: World) -> None:
    rfq = await world.an_rfq()
    async with world.engine.autocommit() as connection:
        deadline = await connection.scalar(text("SELECT quote_by FROM rfqs"))
    assert rfq is not None
    assert (await read(world, deadline - DAY / 2)).quotes_due > 0
    assert (await read(world, deadline - 2 * DAY)).quotes_due == 0
    assert (await read(world, deadline + dt.timedelta(seconds=59))).rfqs_overdue == 0
    assert (await read(world, deadline + dt.timedelta(seconds=61))).rfqs_overdue == 1


async def test_the_log_is_verified_once_in_so_many_hours(database: Database, world: World) -> None:
    await world.a_request()
    begun = world.now
    sealer = make_engine(database.sealer_url, size=1)
    async with sealer.begin() as connection:
        await seal(connection, Subscriptions({}), world.now)
    await sealer.dispose()

    async def attempt(now: dt.datetime) -> bool | None:
        async with world.engine.begin() as connection:
            found = await verify_when_due(connection, (), now, DAY)
            return None if found is None else found.ok

    assert await attempt(begun) is True
    assert await attempt(begun + DAY / 2) is None
    await database.hand.execute(
        "SET session_replication_role = replica; UPDATE audit_events SET actor = 'somebody' WHERE position = 1; "
        "SET session_replication_role = origin"
    )
    assert await attempt(begun + DAY) is False
    found = await read(world, begun + DAY)
    assert (found.verified_at, found.intact) == (begun + DAY, False)
