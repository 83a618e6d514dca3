"""A worker that is killed between the answer and the commit: what it did is found again, or done once more."""

import asyncio
import datetime as dt

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from core.groups import topics
from core.groups.model import Topic
from core.log.deliveries import LEASE
from tests.workers.delivery.shop import Shop
from tests.workers.groups.forum import a_forum
from tests.workers.groups.test_topics import laptops, taken_back

STEPS = {"open": (2, 1), "post": (1, 2), "pin": (1, 1), "edit": (1, 1), "rename": (1, 1), "close": (1, 1)}
"""One call each, in this order for a request that is handed over and taken back; then topics and cards in the group."""


class Killed:
    """Stands where the answer of the nth call would be kept, and never comes back."""

    def __init__(self, call: int) -> None:
        self.reached = asyncio.Event()
        self._left = call
        self._keep = topics.keep

    async def keep(self, connection: AsyncConnection, topic: Topic, now: dt.datetime) -> None:
        self._left -= 1
        if self._left == 0:
            self.reached.set()
            await asyncio.Event().wait()
        await self._keep(connection, topic, now)

    async def worked(self, shop: Shop) -> None:
        """As far as it gets; another worker goes on when the lease of the dead one is over. It is killed once."""
        if self.reached.is_set():
            await shop.settled()
            return
        working = asyncio.ensure_future(shop.settled())
        dying = asyncio.ensure_future(self.reached.wait())
        await asyncio.wait({working, dying}, return_when=asyncio.FIRST_COMPLETED)
        dying.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait({working})
            await shop.forward(LEASE)
        await shop.settled()


@pytest.mark.parametrize("step", STEPS)
async def test_what_a_killed_worker_did_is_followed_and_only_what_it_had_just_made_is_there_twice(
    shop: Shop, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forum = await a_forum(shop)
    killed = Killed([*STEPS].index(step) + 1)
    monkeypatch.setattr(topics, "keep", killed.keep)
    request = await laptops(shop)
    await killed.worked(shop)
    await taken_back(shop, request)
    await killed.worked(shop)
    assert killed.reached.is_set()
    made, posted = await forum.topics(), await forum.messages()
    assert (len(made), len(posted)) == STEPS[step]
    assert (made[-1]["open"], "withdrawn" in made[-1]["name"]) == (False, True)
    assert "withdrawn" in posted[-1]["text"]
    assert posted[-1]["thread"] == made[-1]["message_thread_id"]
    assert await shop.scalar("SELECT count(*) FROM group_topics WHERE state = 'live' AND closed") == 1
    assert await shop.parked() == 0
    await shop.control("DELETE", "/control/refusals")
