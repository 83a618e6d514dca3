"""The logins in PostgreSQL, and the fence between them.

    parley_owner    owns the tables; migrations only
    parley_app      API and workers; may insert and read events, not change them
    parley_sealer   relay; may write only position and chain
    parley_vendor   no login; the app switches to it for vendors' requests
    parley_reader   reads

One rule: a role that is there already keeps its password.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import asyncpg

from administration.errors import CommandError

NAME = "parley"
LOGINS = ("owner", "app", "sealer", "reader")
_ROLES = (*LOGINS, "vendor")


@dataclass(frozen=True)
class DatabaseUrls:
    """One address per login; all the same when there is no fence."""

    owner: str
    app: str
    sealer: str
    reader: str
    fence: bool

    @property
    def by_login(self) -> dict[str, str]:
        return {login: getattr(self, login) for login in LOGINS}

    def environment(self, *logins: str) -> dict[str, str]:
        """The variables for a process that needs these logins."""
        return {f"PARLEY_DB_{login.upper()}_URL": getattr(self, login) for login in logins}


def with_login(url: str, login: str, password: str, database: str | None = None) -> str:
    """The same server with another login."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    path = f"/{quote(database)}" if database else parts.path
    return urlunsplit(parts._replace(netloc=f"{quote(login)}:{quote(password, safe='')}@{host}", path=path))


def database_of(url: str) -> str:
    """The database that an address names."""
    name = unquote(urlsplit(url).path.lstrip("/"))
    if not name:
        raise CommandError("the address names no database: end it with /parley")
    return name


def urls_on(url: str, passwords: Mapping[str, str], database: str | None = None) -> DatabaseUrls:
    """The addresses of our own logins on a server."""
    urls = {login: with_login(url, f"parley_{login}", passwords[login], database) for login in LOGINS}
    return DatabaseUrls(**urls, fence=True)


async def ping(url: str) -> None:
    """One connection and one statement."""
    connection = await asyncpg.connect(url, timeout=5)
    try:
        await connection.execute("SELECT 1")
    finally:
        await connection.close()


async def is_at_revision(url: str, revision: str) -> bool:
    """Whether nothing is left to migrate; one that was never migrated has no such table."""
    try:
        connection = await asyncpg.connect(url, timeout=5)
    except (TimeoutError, OSError, asyncpg.PostgresError):
        return False
    try:
        return bool(await connection.fetchval("SELECT version_num FROM alembic_version") == revision)
    except asyncpg.PostgresError:
        return False
    finally:
        await connection.close()


async def make_roles(url: str, passwords: Mapping[str, str]) -> None:
    """Create missing roles; existing ones keep their passwords."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        rows = await connection.fetch("SELECT rolname FROM pg_roles WHERE rolname LIKE 'parley\\_%'")
        existing = {row["rolname"] for row in rows}
        for role in _ROLES:
            if f"parley_{role}" not in existing:
                login = f"LOGIN PASSWORD {_quoted(passwords[role])}" if role in LOGINS else "NOLOGIN"
                await connection.execute(f"CREATE ROLE parley_{role} {login}")
        await connection.execute("GRANT parley_vendor TO parley_app WITH INHERIT FALSE, SET TRUE")
    finally:
        await connection.close()


def _quoted(password: str) -> str:
    """As a literal: CREATE ROLE takes no parameters, and people choose passwords with any sign."""
    return "'" + password.replace("'", "''") + "'"


async def make_database(url: str, name: str = NAME, template: str | None = None) -> None:
    """Create a database that belongs to parley_owner and accepts only our roles."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        if await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            return
        copy = f" TEMPLATE {template} STRATEGY FILE_COPY" if template else ""
        await connection.execute(f'CREATE DATABASE "{name}" OWNER parley_owner{copy}')
        await restrict_connections(connection, name)
    finally:
        await connection.close()


async def restrict_connections(connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> None:
    """Only our own roles may connect: neither n8n nor anybody else on the server may."""
    ours = ", ".join(f"parley_{login}" for login in LOGINS)
    await connection.execute(
        f'REVOKE CONNECT, TEMPORARY ON DATABASE "{name}" FROM PUBLIC; '
        f'GRANT CONNECT ON DATABASE "{name}" TO {ours}; GRANT TEMPORARY ON DATABASE "{name}" TO parley_owner'
    )


async def make_logins(url: str, passwords: Mapping[str, str]) -> None:
    """Our roles on somebody's server, and that they may connect to the database that ``url`` names."""
    await make_roles(url, passwords)
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute(
            f'GRANT CONNECT ON DATABASE "{database_of(url)}" TO parley_app, parley_sealer, parley_reader'
        )
    finally:
        await connection.close()
