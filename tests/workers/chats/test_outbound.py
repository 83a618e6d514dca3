"""Sending under pressure, by the hand: a pause asked for, a slow chat."""

import asyncio
import datetime as dt

from core.access.roles import Role
from tests.workers.delivery.worker_env import WorkerEnv

SOURCING = (Role.officer,)
SECOND = dt.timedelta(seconds=1)


async def test_no_call_goes_to_a_chat_before_the_pause_it_asked_for_is_over(worker_env: WorkerEnv) -> None:
    officer = await worker_env.world.an_officer()
    chat = await worker_env.link_chat(officer)
    await worker_env.sandbox.set_fault("429", next=1, retry_after=30)
    await worker_env.world.a_request()
    await worker_env.work()
    for _ in range(5):
        await worker_env.world.a_request()
        await worker_env.advance(5 * SECOND)
    assert len(await worker_env.calls(chat)) == 1
    await worker_env.advance(6 * SECOND)
    await worker_env.settle()
    assert len(await worker_env.sandbox.messages(chat)) == 6
    assert await worker_env.parked_count() == 0


async def test_a_slow_chat_delays_no_other(worker_env: WorkerEnv) -> None:
    slow_officer, officer = await worker_env.world.an_officer(), await worker_env.world.a_person(*SOURCING)
    slow, quick = await worker_env.link_chat(slow_officer), await worker_env.link_chat(officer)
    await worker_env.sandbox.set_fault("delay", seconds=4, chat_id=slow)
    await worker_env.world.a_request()
    work = asyncio.ensure_future(worker_env.work())
    for _ in range(400):
        if await worker_env.sandbox.messages(quick):
            break
        await asyncio.sleep(0.01)
    assert len(await worker_env.sandbox.messages(quick)) == 1
    assert await worker_env.sandbox.messages(slow) == []
    await work
    assert len(await worker_env.sandbox.messages(slow)) == 1
