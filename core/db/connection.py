"""A connection: one transaction's door to PostgreSQL, asyncpg behind SQLAlchemy's language.

One rule: statements are written with SQLAlchemy Core and run by the driver itself, because SQLAlchemy's own way of
running them costs several times the CPU of everything else in a call.

    rows = await connection.execute(select(...))        # iterate, .all(), .one(), .one_or_none(), .rowcount
    value = await connection.scalar(select(...))        # the first column of the first row, or None
    values = await connection.scalars(select(...))      # the first column of every row
    await connection.later(Write(...))                  # sent with others, before anything could see it

Errors are the driver's: ``asyncpg.PostgresError`` with its ``sqlstate``, ``asyncpg.InterfaceError`` or
``asyncpg.InternalClientError`` for a lost connection, OSError when the server cannot be reached (TimeoutError when
no connection was free in time).
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import Executable

from core.db.compiled import Prebuilt, bind, bind_many
from core.db.pending import PendingWrites, SwapWrite, Write, joined

Statement = Executable | Prebuilt
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
CURSOR_ROWS = 1_000

DATABASE_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What any use of the database may raise without a fault in our code: refused, lost, too slow.

InternalClientError is what a connection says that is lost between two messages of one exchange.
"""


class Row(asyncpg.Record):  # type: ignore[misc]  # the driver is not annotated
    """One row: columns by name as attributes, by number, or unpacked."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class OutsideTransaction(Exception):
    """What is sent later belongs to a transaction, and there is none."""


class NoSingleRow(Exception):
    """Exactly one row was expected."""


class Result:
    """What a statement answered; already read, so it may outlive the transaction."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: Sequence[Row], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def all(self) -> Sequence[Row]:
        return self._rows

    def one(self) -> Row:
        if len(self._rows) != 1:
            raise NoSingleRow(f"expected one row, found {len(self._rows)}")
        return self._rows[0]

    def one_or_none(self) -> Row | None:
        if len(self._rows) > 1:
            raise NoSingleRow(f"expected at most one row, found {len(self._rows)}")
        return self._rows[0] if self._rows else None


class Connection:
    """Runs statements on one of the pool's connections, inside the transaction that its engine began."""

    __slots__ = ("_next_role", "_pending", "_role", "driver")

    def __init__(self, driver: Any) -> None:
        self.driver = driver
        self._role = self._next_role = ""
        self._pending = PendingWrites()

    @property
    def role(self) -> str:
        """The role whose rights the next statement has; empty for the login's own."""
        return self._next_role

    def use_role(self, role: str, *, entered: bool = False) -> None:
        """From the next statement on, use the rights of this role (a constant), until the transaction ends.

        The server is told just before that statement, and not at all when there is none. ``entered``: it knows.
        """
        self._next_role = role
        if entered:
            self._role = role

    async def later(self, *writes: Write) -> None:
        """Send these writes before any statement that could see them, together with others, in a transaction."""
        if not self.driver.is_in_transaction():
            raise OutsideTransaction(
                "later() needs a transaction: use engine.begin(), or execute() on autocommit"
            )
        for write in writes:
            if self._pending and (self._pending.role != self._next_role or not self._pending.takes(write)):
                await self.flush()
            self._pending.role = self._next_role
            self._pending.add(write)

    async def flush(self) -> None:
        """Send what was written and not sent yet; Stale when another call was faster, NotFound when the row is gone."""
        if not self._pending:
            return
        writes, role = tuple(self._pending), self._pending.role
        self._pending.clear()
        entered = self._next_role if self._next_role != role else None
        shape = tuple((write.statement, isinstance(write, SwapWrite)) for write in writes)
        arguments = [each for write in writes for each in write.statement.bind(write.values).arguments]
        await self._enter(role)
        (counts,) = await self.driver.fetch(self._labelled(joined(shape, entered)), *arguments)
        if entered is not None:
            self._role = entered
        swaps = [write for write in writes if isinstance(write, SwapWrite)]
        for swap, count in zip(swaps, counts, strict=False):
            if count != 1:
                self.use_role(role)  # whoever wrote asks: what is hidden from them is not there for them
                raise swap.refusal(await self.scalar(swap.current, {"row_id": swap.row_id}))

    async def _enter(self, role: str) -> None:
        if self._role != role:
            await self.driver.execute(f"SET LOCAL ROLE {role or 'NONE'}")
            self._role = role

    def _labelled(self, sql: str) -> str:
        """A role has prepared statements of its own: where rows are protected, the server plans a statement anew
        whenever another role runs it."""
        return f"{sql} -- {self._role}" if self._role else sql

    async def _sql(self, sql: str, statement: Statement | None = None) -> str:
        """The statement as it is sent, after the writes that it could see; a role's rows may depend on any of them."""
        left_role = self._pending.role != self._next_role
        if self._pending and (self._next_role or left_role or self._pending.concern(statement)):
            await self.flush()
        await self._enter(self._next_role)
        return self._labelled(sql)

    async def execute(self, statement: Statement, parameters: Parameters = None) -> Result:
        """Run a statement; with a sequence of parameters once for each of them, in one round trip, without rows."""
        if isinstance(parameters, Sequence):
            if parameters:
                sql, arguments = bind_many(statement, parameters)
                await self.driver.executemany(await self._sql(sql, statement), arguments)
            return Result((), len(parameters))
        bound = bind(statement, parameters)
        sql = await self._sql(bound.sql, statement)
        if bound.returns_rows:
            rows = await self.driver.fetch(sql, *bound.arguments)
            return Result(rows, len(rows))
        status: str = await self.driver.execute(sql, *bound.arguments)
        count = status.rpartition(" ")[2]
        return Result((), int(count) if count.isdigit() else -1)

    async def scalar(self, statement: Statement, parameters: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row; None without a row."""
        bound = bind(statement, parameters)
        return await self.driver.fetchval(await self._sql(bound.sql, statement), *bound.arguments)

    async def scalars(self, statement: Statement, parameters: Mapping[str, Any] | None = None) -> list[Any]:
        """The first column of every row."""
        bound = bind(statement, parameters)
        return [
            row[0] for row in await self.driver.fetch(await self._sql(bound.sql, statement), *bound.arguments)
        ]

    async def script(self, sql: str) -> None:
        """Several statements without parameters, in one round trip."""
        await self.driver.execute(await self._sql(sql))

    async def stream(self, statement: Statement) -> AsyncIterator[Row]:
        """The rows one by one, for answers that do not fit into memory."""
        bound = bind(statement)
        sql = await self._sql(bound.sql, statement)
        async for row in self.driver.cursor(sql, *bound.arguments, prefetch=CURSOR_ROWS):
            yield row

    async def stream_scalars(self, statement: Statement) -> AsyncIterator[Any]:
        async for row in self.stream(statement):
            yield row[0]

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """For what is set for a transaction only: begin one, unless there is one already."""
        if self.driver.is_in_transaction():
            yield
            return
        await self.driver.execute("BEGIN")
        yield
        await self.flush()
        await self.driver.execute("COMMIT")

    async def rollback(self) -> None:
        """Take everything back that this transaction did so far; it goes on with a new one."""
        self._pending.clear()
        await self.driver.execute("ROLLBACK; BEGIN")
        self._role = ""

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What fails inside is taken back alone; the transaction goes on."""
        await self.flush()
        await self.driver.execute("SAVEPOINT part")
        role, next_role = self._role, self._next_role
        try:
            yield
            await self.flush()
        except BaseException:
            self._pending.clear()
            await self.driver.execute("ROLLBACK TO SAVEPOINT part")
            self._role, self._next_role = role, next_role
            raise
        await self.driver.execute("RELEASE SAVEPOINT part")
