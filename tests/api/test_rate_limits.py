"""Limits of attempts: the same for any number of processes, while PostgreSQL is away, and under a flood of keys."""

import asyncio
import datetime as dt
import itertools
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from api.server import rate_limits
from api.server.rate_limits import (
    LOGIN,
    MOST_KEYS,
    OF_ACCOUNT,
    OF_HOST,
    SHARED_PLACES,
    RateLimit,
    RateLimiter,
)
from api.server.shared_limits import SharedRateLimiter
from core.db import attempts
from core.db.engine import Engine, make_engine
from core.kernel.errors import RateLimited
from tests.support.api import start
from tests.support.postgres import Database
from tests.support.world import World

ADA = "ada@acme.example"
FEW = RateLimit(3, 900)


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[Engine]:
    made = make_engine(database.app_url, size=8, name="tests limits")
    yield made
    await made.dispose()


def processes(engine: Engine, count: int) -> list[SharedRateLimiter]:
    """The limits as each of several processes has them."""
    return [SharedRateLimiter(engine, RateLimiter()) for _ in range(count)]


async def let_through(limits: Iterable[SharedRateLimiter], attempts: Iterable[tuple[str, str]]) -> int:
    """How many of these attempts, each an address and an account, are let through before one is refused.

    Each goes to the next process.
    """
    for number, (each, (host, email)) in enumerate(zip(itertools.cycle(limits), attempts, strict=False)):
        try:
            await each.check_login(host, email)
        except RateLimited:
            return number
    return 1_000


@pytest.mark.parametrize("count", [1, 4])
async def test_attempts_are_limited_by_address_and_account_whatever_process_they_reach(
    engine: Engine, count: int
) -> None:
    both = processes(engine, count)
    assert await let_through(both, [("10.0.0.1", ADA)] * 20) == LOGIN.count
    assert await let_through(both, [("10.0.0.2", ADA)]) == 1_000, "one stranger keeps nobody out"
    accounts = [("10.0.1.1", f"{number}@acme.example") for number in range(100)]
    assert await let_through(both, accounts) == OF_HOST.count
    addresses = [(f"10.0.2.{number}", "Uwe@acme.example") for number in range(100)]
    assert await let_through(both, addresses) == OF_ACCOUNT.count


async def test_attempts_at_the_same_moment_count_as_many_as_they_are(engine: Engine) -> None:
    tried = (each.check("door", FEW) for each in processes(engine, 20))
    answers = await asyncio.gather(*tried, return_exceptions=True)
    waits = [each.retry_after for each in answers if isinstance(each, RateLimited)]
    assert answers.count(None) == FEW.count
    assert len(waits) == 20 - FEW.count
    assert all(1 <= wait <= FEW.seconds + 1 for wait in waits)


async def test_a_success_is_forgotten_for_all_processes(engine: Engine) -> None:
    first, second, third = processes(engine, 3)
    for _ in range(LOGIN.count):
        await first.check_login("10.0.0.1", ADA)
    with pytest.raises(RateLimited):
        await second.check_login("10.0.0.1", ADA)
    await second.logged_in("10.0.0.1", ADA.upper())
    await third.check_login("10.0.0.1", ADA)


async def test_attempts_count_no_longer_than_their_window(engine: Engine, database: Database) -> None:
    first, second = processes(engine, 2)
    for _ in range(FEW.count):
        await first.check("door", FEW)
    earlier = "UPDATE attempts SET tried_at = ARRAY(SELECT t - interval '880 s' FROM unnest(tried_at) AS t)"
    await database.hand.execute(earlier)
    with pytest.raises(RateLimited) as refused:
        await second.check("door", FEW)
    assert refused.value.retry_after <= 21
    await database.hand.execute(earlier.replace("880", "30"))
    await processes(engine, 1)[0].check("door", FEW)
    assert await database.hand.fetchval("SELECT cardinality(tried_at) FROM attempts") == 1
    now = await database.hand.fetchval("SELECT now()")
    async with engine.begin() as connection:
        await attempts.delete_expired(connection, now)
    assert await database.hand.fetchval("SELECT count(*) FROM attempts") == 1
    async with engine.begin() as connection:
        await attempts.delete_expired(connection, now + dt.timedelta(seconds=901))
    assert await database.hand.fetchval("SELECT count(*) FROM attempts") == 0


async def test_while_postgresql_is_away_a_process_counts_by_itself() -> None:
    gone = make_engine("postgresql://nobody@127.0.0.1:1/nothing", size=1, name="tests gone")
    first, second = processes(gone, 2)
    assert await let_through([first], [("10.0.0.1", ADA)] * 20) == LOGIN.count
    assert await let_through([second], [("10.0.0.1", ADA)] * 20) == LOGIN.count
    await first.logged_in("10.0.0.1", ADA)
    await first.check_login("10.0.0.1", ADA)


async def test_what_was_counted_before_postgresql_went_away_still_counts(engine: Engine) -> None:
    limits = processes(engine, 1)[0]
    assert await let_through([limits], [("10.0.0.1", ADA)] * 9) == 1_000
    limits._engine = make_engine("postgresql://nobody@127.0.0.1:1/nothing", size=1, name="tests gone")
    assert await let_through([limits], [("10.0.0.1", ADA)] * 9) == 1


async def test_a_password_is_tried_as_often_at_two_processes_as_at_one(
    database: Database, world: World, tmp_path: Path
) -> None:
    await world.a_requester()
    async with AsyncExitStack() as stack:
        apis = [await start(database, tmp_path, stack) for _ in range(2)]
        tried = {"email": ADA, "password": "not the one"}
        found = [
            (await apis[number % 2].send("POST", "/auth/login", tried)).status_code
            for number in range(LOGIN.count + 2)
        ]
    assert found == [401] * LOGIN.count + [429] * 2


def refused(limits: RateLimiter, key: str, limit: RateLimit = FEW) -> bool:
    try:
        limits.check(key, limit)
    except RateLimited:
        return True
    return False


def test_many_keys_neither_grow_memory_nor_reset_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "SWEEP_SECONDS", 0.02)
    limits = RateLimiter()
    for _ in range(FEW.count):
        limits.check("the victim", FEW)
    let_in = sum(not refused(limits, f"stranger {number}") for number in range(MOST_KEYS + 20_000))
    assert refused(limits, "the victim")
    assert len(limits._attempts) == MOST_KEYS
    assert len(limits._shared) <= SHARED_PLACES
    assert let_in <= MOST_KEYS + SHARED_PLACES * FEW.count, "strangers without a place share"


def test_there_is_room_again_when_the_windows_are_over(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr("api.server.rate_limits.time.monotonic", lambda: now)
    limits = RateLimiter()
    limits.check("for an hour", RateLimit(1, 3_600))
    for number in range(MOST_KEYS * 2):
        refused(limits, f"stranger {number}", RateLimit(1, 60))
    now += 61
    assert not refused(limits, "somebody new", RateLimit(1, 60))
    assert set(limits._attempts) == {"for an hour", "somebody new"}
    assert refused(limits, "for an hour", RateLimit(1, 3_600))
