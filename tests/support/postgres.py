"""A real PostgreSQL for tests: one server per test process, one migrated template, and databases made from it.

Fixtures: ``database`` is migrated and has no rows; ``empty_database`` has no tables. Both have an address per login.
"""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import ParamSpec, TypeVar

import asyncpg
import pytest

from administration import logins as roles
from administration.logins import DatabaseUrls, urls_on, with_login
from stack.ports import find_free
from stack.services import postgres
from stack.services.database import wait_until_ready
from stack.supervisor.launcher import die_with_parent

P = ParamSpec("P")
T = TypeVar("T")

PASSWORDS = {login: f"{login}-test-password" for login in ("postgres", *roles.LOGINS)}
TEMPLATE = "parley_template"
UNSAVED = {"wal_level": "minimal", "max_wal_senders": "0", "summarize_wal": "off"}
"""Nobody backs these servers up."""
_numbers = count(1)


@dataclass(frozen=True)
class PostgresServer:
    """The running server by the superuser's address."""

    admin_url: str


@dataclass(frozen=True)
class Database:
    """A test's database with an address per login; ``hand`` is the superuser's connection to fill and empty it."""

    name: str
    admin_url: str
    addresses: DatabaseUrls
    hand: "asyncpg.Connection[asyncpg.Record]" = field(default=None, repr=False, compare=False)

    @property
    def owner_url(self) -> str:
        return self.addresses.owner

    @property
    def app_url(self) -> str:
        return self.addresses.app

    @property
    def sealer_url(self) -> str:
        return self.addresses.sealer

    @property
    def reader_url(self) -> str:
        return self.addresses.reader


def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run something that makes its own event loop, away from the loop of the tests."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work, *args, **kwargs).result()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server with a temporary folder of its own; it ends with the test process, even after kill -9."""
    folder = Path(tempfile.mkdtemp(prefix="parley-test-pg-"))
    folder.rmdir()
    server = postgres.embedded_postgres(folder)
    postgres.make_cluster(server, PASSWORDS["postgres"], sync=False)
    port = find_free()
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            server.command(port, postgres.TEST_SETTINGS | UNSAVED),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGINT),
            **server.run_as.options,
        )
    admin = with_login(f"postgresql://127.0.0.1:{port}/postgres", postgres.SUPERUSER, PASSWORDS["postgres"])
    try:
        in_thread(_prepare, admin)
        yield PostgresServer(admin)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(admin: str) -> None:
    import asyncio

    async def work() -> None:
        await wait_until_ready(admin, 30)
        await roles.make_roles(admin, PASSWORDS)

    asyncio.run(work())


@pytest.fixture(scope="session")
def migrated_template(postgres_server: PostgresServer) -> str:
    """The template that every database is copied from, at the newest migration."""
    import asyncio

    from migrations.run import upgrade

    in_thread(lambda: asyncio.run(roles.make_database(postgres_server.admin_url, TEMPLATE)))
    owner = urls_on(postgres_server.admin_url, PASSWORDS, TEMPLATE).owner
    in_thread(upgrade, owner)
    return TEMPLATE


@pytest.fixture
async def empty_database(postgres_server: PostgresServer) -> AsyncIterator[Database]:
    """A database without tables, for tests of the migrations themselves."""
    made = await make_database(postgres_server)
    yield made
    await drop_database(made)


async def make_database(server: PostgresServer, template: str | None = None) -> Database:
    """One more database; the caller drops it."""
    name = f"test_{next(_numbers)}"
    await roles.make_database(server.admin_url, name, template)
    admin = with_login(server.admin_url, postgres.SUPERUSER, PASSWORDS["postgres"], name)
    return Database(name, admin, urls_on(server.admin_url, PASSWORDS, name), await asyncpg.connect(admin))


async def drop_database(database: Database) -> None:
    """Drop it and end the connections that a test left open."""
    await database.hand.close()
    server = with_login(database.admin_url, postgres.SUPERUSER, PASSWORDS["postgres"], "postgres")
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(f'DROP DATABASE "{database.name}" WITH (FORCE)')
    finally:
        await connection.close()
