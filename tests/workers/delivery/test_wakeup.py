"""The relay listens again after its connection was lost, at whatever moment."""

import asyncio
from typing import Any

import asyncpg
import pytest

from core.log.channel import NOTIFY_CHANNEL
from tests.support.postgres import Database
from workers import wakeup
from workers.wakeup import Wakeup

LOST = (asyncpg.ConnectionDoesNotExistError, asyncpg.InternalClientError, asyncpg.InterfaceError)


@pytest.mark.parametrize("error", LOST)
async def test_it_listens_again_when_the_connection_is_lost_before_it_listened(
    database: Database, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    monkeypatch.setattr(wakeup, "RECONNECT_SECONDS", 0.01)
    listen, losses = asyncpg.Connection.add_listener, [error("lost")]

    async def lost_once(connection: Any, *args: Any) -> None:
        if losses:
            raise losses.pop()
        await listen(connection, *args)

    monkeypatch.setattr(asyncpg.Connection, "add_listener", lost_once)
    waking = Wakeup(database.sealer_url)
    async with asyncio.TaskGroup() as tasks:
        listening, heard = tasks.create_task(waking.listen()), tasks.create_task(waking.wait(30))
        while not heard.done():
            await database.hand.execute(f"NOTIFY {NOTIFY_CHANNEL}")
            await asyncio.wait([heard], timeout=0.05)
        assert not listening.done()
        assert not losses
        listening.cancel()


async def test_a_cancellation_beside_a_notification_is_not_lost() -> None:
    waking = Wakeup("")
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(waking.wait(30))
        await asyncio.sleep(0)
        waking._notified.set()
        waiting.cancel()
    assert waiting.cancelled()
