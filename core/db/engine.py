"""Database engines: one per process, with limits that keep one stuck client from stopping the others.

One rule: a transaction begins and ends here and nowhere else.

    async with engine.begin() as connection:            # committed at the end, rolled back on any error
        await connection.execute(...)
    async with engine.connect() as connection: ...      # what is written there is rolled back
    async with engine.autocommit() as connection: ...   # each statement is a transaction of its own

Its clock is PostgreSQL's, read at its first connection and then once a minute.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from pydantic_core import from_json

from core.db.connection import Connection, Row
from core.kernel.clock import DatabaseClock

ACQUIRE_SECONDS = 10
COMMAND_SECONDS = 20
MAX_STATEMENTS = 1_000
"""Prepared statements per connection."""
ARRAY_TYPES = ("uuid", "varchar", "text", "timestamptz", "date", "int4", "int8", "numeric", "bool", "bytea")
_ALL_ARRAYS = ", ".join(
    ["ARRAY[ROW(1)]", *(f"${number}::{kind}[]" for number, kind in enumerate(ARRAY_TYPES, start=1))]
)


class Engine:
    """A pool of connections, opened when they are needed; the one used last is used first."""

    def __init__(
        self,
        url: str,
        *,
        size: int,
        name: str,
        clock: DatabaseClock | None = None,
        generic_plans: bool = False,
        read_only: bool = False,
    ) -> None:
        scheme, separator, _ = url.partition("://")
        if not separator or not scheme.startswith("postgres"):
            raise ValueError("DATABASE_URL must look like postgresql://user:password@host:5432/parley")
        self._url = url
        self._name = name
        self.clock = clock or DatabaseClock()
        self._plans = "force_generic_plan" if generic_plans else "auto"
        self._read_only = "on" if read_only else "off"
        self._idle: list[Any] = []
        self._slots = asyncio.Semaphore(size)

    @asynccontextmanager
    async def begin(self, *, snapshot: bool = False) -> AsyncIterator[Connection]:
        """One transaction; ``snapshot``: all of its statements read what was committed before the first."""
        async with self._driver() as driver:
            await driver.execute("BEGIN ISOLATION LEVEL REPEATABLE READ" if snapshot else "BEGIN")
            connection = Connection(driver)
            yield connection
            await connection.flush()
            ended: str = await driver.execute("COMMIT")
            if ended != "COMMIT":  # a failed statement was passed over, and PostgreSQL took everything back
                raise asyncpg.InFailedSQLTransactionError("the transaction was rolled back at its commit")

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Connection]:
        """A transaction that is never committed."""
        async with self._driver() as driver:
            await driver.execute("BEGIN")
            yield Connection(driver)
            await driver.execute("ROLLBACK")

    @asynccontextmanager
    async def autocommit(self) -> AsyncIterator[Connection]:
        """For single statements, each a transaction of its own: one round trip instead of three."""
        async with self._driver() as driver:
            connection = Connection(driver)
            yield connection
            await connection.flush()

    async def dispose(self) -> None:
        """Close the idle connections."""
        while self._idle:
            await self._idle.pop().close()

    @asynccontextmanager
    async def _driver(self) -> AsyncIterator[Any]:
        """A connection outside of any transaction; closed for good when even a rollback fails."""
        driver = await self._acquire()
        try:
            if self.clock.is_due:
                self.clock.heard(await driver.fetchval("SELECT clock_timestamp()"))
            yield driver
            self._idle.append(driver)
        except BaseException:
            await self._roll_back(driver)
            raise
        finally:
            self._slots.release()

    async def _acquire(self) -> Any:
        """An idle connection or a new one; TimeoutError when all stay in use."""
        async with asyncio.timeout(ACQUIRE_SECONDS):
            await self._slots.acquire()
            try:
                while self._idle:
                    driver = self._idle.pop()
                    if not driver.is_closed():
                        return driver
                return await self._open()
            except BaseException:
                self._slots.release()
                raise

    async def _open(self) -> Any:
        driver = await asyncpg.connect(
            self._url,
            record_class=Row,
            statement_cache_size=MAX_STATEMENTS,
            max_cached_statement_lifetime=0,
            command_timeout=COMMAND_SECONDS,
            server_settings={
                "application_name": self._name,
                "lock_timeout": "2000",
                "statement_timeout": "10000",
                "idle_in_transaction_session_timeout": "15000",
                "timezone": "UTC",
                "jit": "off",
                "random_page_cost": "1.1",
                "plan_cache_mode": self._plans,
                "default_transaction_read_only": self._read_only,
            },
        )
        try:
            await _teach_types(driver)
        except BaseException:
            driver.terminate()
            raise
        return driver

    async def _roll_back(self, driver: Any) -> None:
        """Before the error that ended the transaction is raised again; that the server is away too is no news.

        An error of its own in that one's place would hide a cancellation, and its task would go on.
        """
        try:
            await driver.execute("ROLLBACK")
        except Exception:  # noqa: BLE001 whatever it is, the connection is of no more use
            driver.terminate()
        except BaseException:
            driver.terminate()
            raise
        else:
            self._idle.append(driver)


async def _teach_types(driver: Any) -> None:
    for kind in ("json", "jsonb"):
        await driver.set_type_codec(kind, encoder=str, decoder=from_json, schema="pg_catalog", format="text")
    # the driver asks what an array type is when it first meets one, with two statements; so it asks once for all
    await driver.prepare(f"SELECT {_ALL_ARRAYS}")


def make_engine(
    url: str,
    *,
    size: int = 8,
    name: str = "parley",
    clock: DatabaseClock | None = None,
    generic_plans: bool = False,
    read_only: bool = False,
) -> Engine:
    """An engine whose sessions limit locks to 2 s, statements to 10 s and idle transactions to 15 s.

    With ``generic_plans`` each statement is planned once per connection: for processes that run few statements often
    and look up few rows at a time. With ``read_only`` the server refuses every write.
    """
    return Engine(url, size=size, name=name, clock=clock, generic_plans=generic_plans, read_only=read_only)
