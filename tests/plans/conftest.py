"""One database with tens of thousands of rows for all tests of plans; they change nothing in it."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from administration import logins as roles
from administration.logins import urls_on, with_login
from core.db.engine import Engine, make_engine
from stack.services.postgres import SUPERUSER
from tests.support import many_rows
from tests.support.postgres import PASSWORDS, PostgresServer, in_thread

NAME, PURCHASES = "filled", 8_000


@pytest.fixture(scope="package")
def filled_url(postgres_server: PostgresServer, migrated_template: str) -> Iterator[str]:
    """The app's address of the filled database."""
    admin = with_login(postgres_server.admin_url, SUPERUSER, PASSWORDS["postgres"], NAME)

    async def make() -> None:
        await roles.make_database(postgres_server.admin_url, NAME, migrated_template)
        connection = await asyncpg.connect(admin)
        await many_rows.fill(connection, PURCHASES)
        await connection.close()

    async def drop() -> None:
        server = await asyncpg.connect(postgres_server.admin_url)
        await server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
        await server.close()

    in_thread(lambda: asyncio.run(make()))
    yield urls_on(postgres_server.admin_url, PASSWORDS, NAME).app
    in_thread(lambda: asyncio.run(drop()))


@pytest.fixture
async def filled(filled_url: str) -> AsyncIterator[Engine]:
    engine = make_engine(filled_url, size=2, name="tests plans")
    yield engine
    await engine.dispose()
