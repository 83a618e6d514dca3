"""Sending under pressure, by the hand: a pause asked for, a slow chat."""

import asyncio
import datetime as dt

from core.access.roles import Role
from tests.workers.delivery.shop import Shop

SOURCING = (Role.officer,)
SECOND = dt.timedelta(seconds=1)


async def test_no_call_goes_to_a_chat_before_the_pause_it_asked_for_is_over(shop: Shop) -> None:
    officer = await shop.world.an_officer()
    chat = await shop.chat(officer)
    await shop.control("POST", "/control/faults", {"kind": "429", "next": 1, "retry_after": 30})
    await shop.world.a_request()
    await shop.work()
    for _ in range(5):
        await shop.world.a_request()
        await shop.forward(5 * SECOND)
    assert len(await shop.calls(chat)) == 1
    await shop.forward(6 * SECOND)
    await shop.settled()
    assert len(await shop.sees(chat)) == 6
    assert await shop.parked() == 0


async def test_a_slow_chat_delays_no_other(shop: Shop) -> None:
    slow_officer, officer = await shop.world.an_officer(), await shop.world.a_person(*SOURCING)
    slow, quick = await shop.chat(slow_officer), await shop.chat(officer)
    await shop.control("POST", "/control/faults", {"kind": "delay", "seconds": 4, "chat_id": slow})
    await shop.world.a_request()
    work = asyncio.ensure_future(shop.work())
    for _ in range(400):
        if await shop.sees(quick):
            break
        await asyncio.sleep(0.01)
    assert len(await shop.sees(quick)) == 1
    assert await shop.sees(slow) == []
    await work
    assert len(await shop.sees(slow)) == 1
