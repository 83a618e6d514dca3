"""Migrated databases that tests use one after the other.

    await database_pool.acquire()           a database as the migrations leave it
    await database_pool.release(database)   empties it for the next test

One rule: a test finds what a fresh copy of the template would be. So connections that a test left open are ended, those
that its engines closed wait for the next (tests.support.kept_connections), rows are deleted and sequences reset; a
database whose schema was changed, or that has grown, is dropped. Emptying a database takes a tenth of the time that
making one does, because its first connections would read its system catalogue again.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import asyncpg
import pytest

from tests.support.kept_connections import KeptConnections
from tests.support.postgres import Database, PostgresServer, drop_database, make_database

MOST_USES = 50
"""After so many tests a database is dropped: deleted rows stay in its files until they are vacuumed."""
GROWN = 1_000_000
"""A database with a table larger than this, in bytes, is dropped."""

_LEAVE = """
SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL ($1::int[])
AND backend_type = 'client backend'
"""
_SHAPE = """
SELECT string_agg(concat_ws(' ', catalogue, rows, newest), ',' ORDER BY catalogue) FROM (
    SELECT 1 AS catalogue, count(*) AS rows, max(xmin::text::bigint) AS newest FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT 2, count(*), max(xmin::text::bigint) FROM pg_trigger
    UNION ALL SELECT 3, count(*), max(xmin::text::bigint) FROM pg_constraint
    UNION ALL SELECT 4, count(*), max(xmin::text::bigint) FROM pg_policy
    UNION ALL SELECT 5, count(*), max(xmin::text::bigint) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) AS catalogues
"""
"""The number of the catalogues' rows and the newest transaction that wrote one: a copy has its template's."""
_LARGEST = "SELECT max(pg_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname NOT LIKE 'pg_%'"
_EMPTY = """
DO $$ DECLARE kept record; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR kept IN
        SELECT oid::regclass AS name FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
        AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE format('DELETE FROM %s', kept.name);
    END LOOP;
    PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence;
END $$
"""
_COUNTED = "SELECT pg_stat_force_next_flush()"
_FORGET = "SELECT pg_stat_reset_single_table_counters('audit_events'::regclass)"
"""What was deleted here was no event of the next test's log (core/log/missing_numbers.py)."""


@dataclass
class DatabasePool:
    """The databases that no test uses now."""

    server: PostgresServer
    template: str
    connections: KeptConnections
    _free: list[Database] = field(default_factory=list)
    _uses: dict[str, int] = field(default_factory=dict)
    _shape: str = ""

    async def acquire(self) -> Database:
        if self._free:
            return self._free.pop()
        made = await make_database(self.server, self.template)
        self._shape = self._shape or await made.hand.fetchval(_SHAPE)
        return made

    async def release(self, used: Database) -> None:
        uses = self._uses[used.name] = self._uses.get(used.name, 0) + 1
        if uses < MOST_USES and await self._emptied(used):
            self._free.append(used)
        else:
            await self._drop(used)

    async def _drop(self, used: Database) -> None:
        self.connections.forget(used.name)
        await drop_database(used)

    async def _emptied(self, used: Database) -> bool:
        try:
            await used.hand.fetchval(_LEAVE, self.connections.pids(used.name))
            same = await used.hand.fetchval(_SHAPE) == self._shape
            if not same or await used.hand.fetchval(_LARGEST) > GROWN:
                return False
            for statement in (_EMPTY, _COUNTED, _FORGET):
                await used.hand.execute(statement)
        except asyncpg.PostgresError:
            return False
        return True

    async def clear(self) -> None:
        while self._free:
            await self._drop(self._free.pop())


@pytest.fixture(scope="session")
async def database_pool(
    postgres_server: PostgresServer, migrated_template: str
) -> AsyncIterator[DatabasePool]:
    connections = KeptConnections()
    opened = DatabasePool(postgres_server, migrated_template, connections)
    with pytest.MonkeyPatch.context() as patch:
        connections.install(patch)
        yield opened
    await opened.clear()


@pytest.fixture
async def database(database_pool: DatabasePool) -> AsyncIterator[Database]:
    """A migrated database for this test alone."""
    taken = await database_pool.acquire()
    yield taken
    await database_pool.release(taken)
