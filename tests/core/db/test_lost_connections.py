"""A connection that is lost in the middle: what comes out, and what is left."""

import asyncio

import asyncpg
import pytest
from sqlalchemy import text

from core.db import engine as engines
from core.db.connection import DATABASE_ERRORS
from core.db.engine import make_engine
from tests.support.postgres import Database

_END = """
SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'lost'
"""
_OPEN = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1"
_ONE = text("SELECT 1")


async def test_a_cancelled_task_ends_though_its_connection_is_lost(database: Database) -> None:
    engine, inside = make_engine(database.app_url, size=1, name="lost"), asyncio.Event()

    async def work() -> None:
        """As a loop that goes on whatever becomes of the database."""
        while True:
            try:
                async with engine.begin() as connection:
                    await connection.execute(_ONE)
                    inside.set()
                    await asyncio.sleep(60)
            except DATABASE_ERRORS:
                continue

    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        task = tasks.create_task(work())
        await inside.wait()
        assert await database.hand.fetchval(_END) == 1
        task.cancel()
    assert task.cancelled()
    await engine.dispose()


async def test_what_ended_a_transaction_is_told_though_its_connection_is_lost(database: Database) -> None:
    engine = make_engine(database.app_url, size=1, name="lost")

    async def work() -> None:
        async with engine.begin() as connection:
            await connection.execute(_ONE)
            assert await database.hand.fetchval(_END) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work()
    async with engine.begin() as connection:
        assert await connection.scalar(_ONE) == 1
    await engine.dispose()


async def test_a_connection_that_is_lost_while_it_is_opened_is_an_error_of_the_database_and_is_closed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "of this test alone"  # so that no connection is left from another
    engine = make_engine(database.app_url, size=1, name=name)

    async def lost(_: object) -> None:
        raise asyncpg.InternalClientError("got result for unknown protocol state 0")

    with monkeypatch.context() as patch:
        patch.setattr(engines, "_teach_types", lost)
        with pytest.raises(DATABASE_ERRORS):
            await engine.begin().__aenter__()
    async with engine.begin() as connection:
        assert await connection.scalar(_ONE) == 1
        assert await database.hand.fetchval(_OPEN, name) == 1
    await engine.dispose()
