"""Background tasks are kept until they end, and one that fails is in the log."""

import asyncio
import gc

from structlog.testing import capture_logs

from bots.background import BackgroundTasks


async def test_a_task_that_nobody_holds_ends_all_the_same() -> None:
    tasks, done = BackgroundTasks(), asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0)
        done.set()

    tasks.start(work())
    gc.collect()
    await tasks.drain(5)
    assert done.is_set()


async def test_a_failure_that_nobody_awaits_is_logged_by_its_type_alone() -> None:
    tasks = BackgroundTasks()

    async def fail() -> None:
        raise ValueError("a token")

    with capture_logs() as logs:
        tasks.start(fail())
        await tasks.drain(5)
        await asyncio.sleep(0)
    [event] = logs
    assert (event["event"], event["why"]) == ("task.failed", "ValueError")
    assert "a token" not in str(event)


async def test_draining_ends_at_its_limit() -> None:
    tasks, release = BackgroundTasks(), asyncio.Event()
    waiting = tasks.start(asyncio.wait_for(release.wait(), 60))
    await tasks.drain(0.01)
    assert not waiting.done()
    release.set()
    assert await waiting is True
