"""Slots come back one by one, and what others are in the way of is asked again at once."""

import asyncio
from collections.abc import Sequence

import asyncpg
import pytest

from core.log import deliveries as log_deliveries
from core.log.deliveries import ClaimedDelivery
from tests.workers.delivery.relay_env import RecordingSubscribers, RelayEnv, names
from workers.deliver import deliver
from workers.runtime import Slots


async def test_a_slot_is_free_as_soon_as_its_delivery_has_ended() -> None:
    slots = Slots(2)
    async with slots.take(2) as taken:
        assert taken.count == 2
        taken.give_back()
        async with asyncio.timeout(1), slots.take(2) as other:
            assert other.count == 1
        taken.give_back(5)
        async with asyncio.timeout(1), slots.take(2) as other:
            assert other.count == 2
    async with asyncio.timeout(1), slots.take(3) as all_of_them:
        assert all_of_them.count == 2


async def test_a_slow_delivery_holds_no_slot_of_another(relay_env: RelayEnv) -> None:
    """Two in a batch of two slots: while one waits for its receiver, a third runs in the other's slot."""
    gate = asyncio.Event()
    ids = []
    for _ in range(3):
        await relay_env.world.a_request()
        ids.append(await relay_env.pending("cards", "request.submitted"))

    async def slow() -> None:
        await gate.wait()

    async def quick() -> None:
        return

    heard = RecordingSubscribers(does=[slow, quick, quick])
    slots = Slots(2)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(deliver(relay_env.runtime, heard.everywhere(), ids[:2], slots))
        while not heard.events:
            await asyncio.sleep(0.01)
        await deliver(relay_env.runtime, heard.everywhere(), ids[2:], slots)
        assert len(names(heard.events, "cards")) == 2
        gate.set()
    assert len(names(heard.events, "cards")) == 3


@pytest.mark.parametrize(
    "error",
    [asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError],
    ids=lambda kind: str(kind.__name__),
)
async def test_what_deadlocks_with_another_finish_is_done_at_once(
    relay_env: RelayEnv, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    heard, failures = RecordingSubscribers(), [error("x"), error("x")]
    finish = log_deliveries.finish

    async def in_the_way(
        connection: object, done: Sequence[ClaimedDelivery], now: object
    ) -> list[ClaimedDelivery]:
        if failures:
            raise failures.pop()
        return await finish(connection, done, now)  # type: ignore[arg-type]

    monkeypatch.setattr(log_deliveries, "finish", in_the_way)
    await relay_env.world.a_request()
    delivery = await relay_env.pending("cards", "request.submitted")
    row = await relay_env.deliver(delivery, heard.everywhere())
    assert (row.state, row.leased_until, failures) == ("done", None, [])


async def test_what_others_are_in_the_way_of_is_claimed_all_the_same(
    relay_env: RelayEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, failures = RecordingSubscribers(), [asyncpg.LockNotAvailableError("x")]
    claim = log_deliveries.claim

    async def in_the_way(connection: object, ids: object, now: object) -> list[ClaimedDelivery]:
        if failures:
            raise failures.pop()
        return await claim(connection, ids, now)  # type: ignore[arg-type]

    monkeypatch.setattr(log_deliveries, "claim", in_the_way)
    await relay_env.world.a_request()
    delivery = await relay_env.pending("cards", "request.submitted")
    assert (await relay_env.deliver(delivery, heard.everywhere())).state == "done"
