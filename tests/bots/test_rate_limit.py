"""The pace of sending: one bucket per chat and one over all, shared by every worker through a real Redis."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bots.cards.rate_limit import SendRate, SendRateLimiter

CHAT, ALL = SendRate(1.0, 2.0), SendRate(0.05, 0.2)
WIDE = SendRate(0.0, 1.0)
BURST = 3
"""What ``CHAT`` lets through at once."""


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis_url)
    yield client
    await client.aclose()


async def let_through(paces: list[SendRateLimiter], chats: list[str], times: int) -> int:
    """How many of so many sends, one after the other, in turn by these workers to these chats, may go at once."""
    waits = [
        await paces[turn % len(paces)].acquire("bot", chats[turn % len(chats)], CHAT) for turn in range(times)
    ]
    return sum(1 for wait in waits if wait == 0)


async def test_two_workers_share_one_bucket_per_chat(redis: Redis) -> None:
    workers = [SendRateLimiter(WIDE, redis), SendRateLimiter(WIDE, redis)]
    began = time.monotonic()
    gone = await let_through(workers, ["rosa"], 12)
    assert BURST <= gone <= BURST + time.monotonic() - began + 1
    assert await workers[0].acquire("bot", "oscar", CHAT) == 0


async def test_all_chats_together_share_one_more(redis: Redis) -> None:
    workers = [SendRateLimiter(ALL, redis), SendRateLimiter(ALL, redis)]
    began = time.monotonic()
    gone = await let_through(workers, [f"chat {number}" for number in range(60)], 60)
    assert 5 <= gone <= 5 + (time.monotonic() - began) / ALL.interval + 1
    assert gone < 60


async def test_who_waits_as_long_as_told_may_go(redis: Redis) -> None:
    pace = SendRateLimiter(WIDE, redis)
    await let_through([pace], ["rosa"], BURST + 1)
    wait = await pace.acquire("bot", "rosa", CHAT)
    assert 0 < wait <= 1
    await asyncio.sleep(wait)
    assert await pace.acquire("bot", "rosa", CHAT) == 0


async def test_a_pause_that_one_worker_was_asked_for_is_kept_by_the_other(redis: Redis) -> None:
    one, other = SendRateLimiter(WIDE, redis), SendRateLimiter(WIDE, redis)
    await one.pause("bot", "rosa", CHAT, 30)
    assert 29 < await other.acquire("bot", "rosa", CHAT) <= 30
    assert await other.acquire("bot", "oscar", CHAT) == 0


async def test_a_shorter_pause_ends_no_longer_one(redis: Redis) -> None:
    pace = SendRateLimiter(WIDE, redis)
    await pace.pause("bot", "rosa", CHAT, 30)
    await pace.pause("bot", "rosa", CHAT, 1)
    assert await pace.acquire("bot", "rosa", CHAT) > 29


async def test_without_redis_each_worker_keeps_its_own_pace_and_its_own_pauses(redis: Redis) -> None:
    gone = Redis.from_url("redis://127.0.0.1:9/0")
    pace = SendRateLimiter(WIDE, gone)
    assert BURST <= await let_through([pace], ["rosa"], 8) <= BURST + 1
    await pace.pause("bot", "oscar", CHAT, 30)
    assert await pace.acquire("bot", "oscar", CHAT) > 29
    await gone.aclose()


async def test_a_pause_longer_than_the_bucket_is_remembered_is_kept_to_its_end(redis: Redis) -> None:
    await SendRateLimiter(WIDE, redis).pause("bot", "rosa", CHAT, 600)
    left = await redis.pttl("parley:pace:bot:rosa")
    assert left > 600_000
