"""Queries run without a transaction; what is set for one begins one."""

from collections.abc import AsyncIterator, Sequence

import asyncpg
import pytest
from sqlalchemy import insert, text

from core.access.actor import Actor
from core.access.roles import Role
from core.audit import queries
from core.audit.queries import VerifyLog
from core.db.connection import Connection
from core.db.counters import number_counters
from core.db.engine import Engine, make_engine
from core.kernel.clock import SystemClock
from core.kernel.ids import PersonId, new_id
from core.log import verify
from core.log.epochs import LostPositions
from core.log.verify_helpers import VerifyHelpers
from core.log.witnesses import Witness
from core.uow import Uow
from tests.support.postgres import Database

_SET = text("SELECT set_config('parley.vendor_id', 'somebody', true)")
_READ = text("SELECT current_setting('parley.vendor_id', true)")
_ADD = insert(number_counters).values(kind="X", year=2026, last=1)


@pytest.fixture
async def queries_engine(database: Database) -> AsyncIterator[Engine]:
    """As the api's connections for queries."""
    engine = make_engine(database.app_url, size=1, name="tests", read_only=True)
    yield engine
    await engine.dispose()


async def test_a_query_can_write_nothing(queries_engine: Engine) -> None:
    async def write() -> None:
        async with queries_engine.autocommit() as connection:
            await connection.execute(_ADD)

    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await write()


async def test_a_setting_lasts_for_its_transaction(queries_engine: Engine) -> None:
    async with queries_engine.autocommit() as connection:
        async with connection.transaction():
            await connection.scalar(_SET)
            assert await connection.scalar(_READ) == "somebody"
        assert not await connection.scalar(_READ)


async def test_a_transaction_inside_of_another_ends_with_it(database: Database) -> None:
    engine = make_engine(database.app_url, size=1, name="tests")
    async with engine.connect() as connection:
        async with connection.transaction():
            await connection.execute(_ADD)
        assert connection.driver.is_in_transaction()
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM number_counters WHERE kind = 'X'")) == 0
    await engine.dispose()


async def test_a_verification_has_its_own_settings_also_as_a_query(
    database: Database, queries_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    async def known(
        connection: Connection, witnesses: Sequence[Witness], lost: Sequence[LostPositions]
    ) -> object:
        seen.append(await connection.scalar(text("SELECT current_setting('statement_timeout')")))
        return await checkpoints(connection, witnesses, lost)

    checkpoints = verify._known_checkpoints
    monkeypatch.setattr(verify, "_known_checkpoints", known)
    auditor = Actor.person(PersonId(new_id()), "Ana", frozenset({Role.auditor}))
    async with queries_engine.autocommit() as connection:
        before = await connection.scalar(text("SELECT current_setting('statement_timeout')"))
        uow = Uow(connection, actor=auditor, clock=SystemClock(), reactions={})
        await queries.verify(uow, auditor, VerifyLog(VerifyHelpers(database.app_url)))
        assert await connection.scalar(text("SELECT current_setting('statement_timeout')")) == before
    assert seen != [before]


async def test_what_a_test_set_on_a_connection_is_gone_for_the_next(database: Database) -> None:
    first = make_engine(database.app_url, size=1, name="handed on")
    async with first.autocommit() as connection:
        process = await connection.scalar(text("SELECT pg_backend_pid()"))
        await connection.script("SET statement_timeout = 1; SELECT pg_advisory_lock(7); LISTEN somebody")
    await first.dispose()

    second = make_engine(database.app_url, size=1, name="handed on")
    async with second.autocommit() as connection:
        assert await connection.scalar(text("SELECT pg_backend_pid()")) == process
        assert await connection.scalar(text("SHOW statement_timeout")) == "10s"
        assert await connection.scalar(text("SELECT count(*) FROM pg_listening_channels()")) == 0
        held = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert await connection.scalar(held) == 0
    await second.dispose()
