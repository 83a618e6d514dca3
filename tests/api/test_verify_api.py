"""Verifying the log through the API: it keeps nobody waiting, and it goes on from what the auditor kept."""

import asyncio

import pytest

from api.contract import endpoints as e
from core.db.engine import make_engine
from core.log.seal import Subscriptions, seal
from tests.support.api import Api, ProblemError
from tests.support.postgres import Database
from tests.support.world import World


async def sealed(world: World, database: Database) -> None:
    await world.a_request()
    sealer = make_engine(database.sealer_url, size=1)
    async with sealer.begin() as connection:
        await seal(connection, Subscriptions({}), world.now)
    await sealer.dispose()


async def test_others_are_answered_while_the_log_is_verified(
    api: Api, world: World, database: Database
) -> None:
    """The verification is held in the database, so it cannot end before the others have their answers."""
    await sealed(world, database)
    auditor, requester = api.as_(await world.an_auditor()), api.as_(await world.a_requester())
    await auditor.call(e.me)
    ended: list[str] = []

    async def verify() -> None:
        assert (await auditor.call(e.verify_log)).ok
        ended.append("verify")

    async with asyncio.TaskGroup() as tasks, database.hand.transaction():
        await database.hand.execute("LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE")
        tasks.create_task(verify())
        while not await database.hand.fetchval("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted"):
            await asyncio.sleep(0.01)
        for _ in range(3):
            await requester.call(e.me)
            ended.append("me")
    assert ended == ["me", "me", "me", "verify"]


async def test_a_verification_goes_on_from_an_earlier_answer(
    api: Api, world: World, database: Database
) -> None:
    await sealed(world, database)
    auditor = api.as_(await world.an_auditor())
    first = await auditor.call(e.verify_log)
    assert (first.ok, first.after) == (True, 0)
    await sealed(world, database)
    more = await auditor.call(e.verify_log, query={"after": f"{first.events}:{first.head}"})
    assert (more.ok, more.after) == (True, first.events)
    assert more.events > first.events
    other = await auditor.call(e.verify_log, query={"after": f"{first.events}:{more.head}"})
    assert (other.ok, other.first_bad_position) == (False, first.events)


@pytest.mark.parametrize(
    "after", ["5", ":", f"0:{'0' * 64}", f"5:{'0' * 63}", f"5:{'G' * 64}", f"-5:{'0' * 64}"]
)
async def test_a_head_that_is_none_is_refused(api: Api, world: World, after: str) -> None:
    with pytest.raises(ProblemError) as refused:
        await api.as_(await world.an_auditor()).call(e.verify_log, query={"after": after})
    assert refused.value.status == 422


async def test_two_verifications_at_once_both_end(api: Api, world: World, database: Database) -> None:
    await sealed(world, database)
    auditor = api.as_(await world.an_auditor())
    found = await asyncio.gather(*(auditor.call(e.verify_log) for _ in range(3)))
    assert [each.ok for each in found] == [True, True, True]
