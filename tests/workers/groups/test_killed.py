"""A worker that is killed between the answer and the commit: what it did is found again, or done once more."""

import asyncio
import datetime as dt

import pytest

from core.db.connection import Connection
from core.groups import topics
from core.groups.model import Topic
from core.log.deliveries import LEASE
from tests.workers.delivery.worker_env import WorkerEnv
from tests.workers.groups.group_env import make_group_env
from tests.workers.groups.test_topics import laptops, taken_back

STEPS = {"open": (2, 1), "post": (1, 2), "pin": (1, 1), "edit": (1, 1), "rename": (1, 1), "close": (1, 1)}
"""One call each, in this order for a request that is handed over and taken back; then topics and cards in the group."""


class KilledWorker:
    """Stands where the answer of the nth call would be kept, and never comes back."""

    def __init__(self, call: int) -> None:
        self.reached = asyncio.Event()
        self._left = call
        self._keep = topics.save_topic

    async def keep(self, connection: Connection, topic: Topic, now: dt.datetime) -> None:
        self._left -= 1
        if self._left == 0:
            self.reached.set()
            await asyncio.Event().wait()
        await self._keep(connection, topic, now)

    async def worked(self, worker_env: WorkerEnv) -> None:
        """As far as it gets; another worker goes on when the lease of the dead one is over. It is killed once."""
        if self.reached.is_set():
            await worker_env.settle()
            return
        working = asyncio.ensure_future(worker_env.settle())
        dying = asyncio.ensure_future(self.reached.wait())
        await asyncio.wait({working, dying}, return_when=asyncio.FIRST_COMPLETED)
        dying.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait({working})
            await worker_env.advance(LEASE)
        await worker_env.settle()


@pytest.mark.parametrize("step", STEPS)
async def test_what_a_killed_worker_did_is_followed_and_only_what_it_had_just_made_is_there_twice(
    worker_env: WorkerEnv, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    group_env = await make_group_env(worker_env)
    killed = KilledWorker([*STEPS].index(step) + 1)
    monkeypatch.setattr(topics, "save_topic", killed.keep)
    request = await laptops(worker_env)
    await killed.worked(worker_env)
    await taken_back(worker_env, request)
    await killed.worked(worker_env)
    assert killed.reached.is_set()
    made, posted = await group_env.topics(), await group_env.messages()
    assert (len(made), len(posted)) == STEPS[step]
    assert (made[-1]["open"], "withdrawn" in made[-1]["name"]) == (False, True)
    assert "withdrawn" in posted[-1]["text"]
    assert posted[-1]["thread"] == made[-1]["message_thread_id"]
    assert await worker_env.scalar("SELECT count(*) FROM group_topics WHERE state = 'live' AND closed") == 1
    assert await worker_env.parked_count() == 0
    await worker_env.sandbox.clear_refusals()
