"""Roles and addresses: which login each process gets, and the fence between them.

    parley_owner    owns the tables; migrations only
    parley_app      API and workers; may insert and read events, not change them
    parley_sealer   relay; may write only position and chain
    parley_vendor   no login; the app switches to it for vendors' requests
    parley_reader   reads

One rule: the user's own address wins.

If its login may not create roles, everything runs under it and ``fence`` is False, which ``up`` and
``doctor`` report.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import asyncpg

from stack.errors import StackError

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
        raise StackError("the address names no database: end DATABASE_URL with /parley")
    return name


def urls_on(url: str, passwords: Mapping[str, str], database: str | None = None) -> DatabaseUrls:
    """The addresses of our own logins on a server."""
    urls = {login: with_login(url, f"parley_{login}", passwords[login], database) for login in LOGINS}
    return DatabaseUrls(**urls, fence=True)


async def wait_until_ready(url: str, seconds: float) -> None:
    """Wait until the server accepts this login."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        try:
            await ping(url)
            return
        except asyncpg.InvalidPasswordError:
            raise StackError(
                "the database refuses the stored password (var/run/secrets.json was lost or changed): "
                "restore it, or type './parley reset' to start empty"
            ) from None
        except (TimeoutError, OSError, asyncpg.PostgresError):
            if asyncio.get_running_loop().time() > deadline:
                raise StackError("PostgreSQL does not answer: see var/logs/postgres.log") from None
            await asyncio.sleep(0.05)


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
                login = f"LOGIN PASSWORD '{passwords[role]}'" if role in LOGINS else "NOLOGIN"
                await connection.execute(f"CREATE ROLE parley_{role} {login}")
        await connection.execute("GRANT parley_vendor TO parley_app WITH INHERIT FALSE, SET TRUE")
    finally:
        await connection.close()


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


async def resolve_own_server(
    url: str, passwords: Mapping[str, str], environment: Mapping[str, str]
) -> DatabaseUrls:
    """The user's own server: our roles on it if its login may create them, else that login for everything."""
    try:
        await ping(url)
    except (TimeoutError, OSError, ValueError, asyncpg.PostgresError) as error:
        raise StackError(
            f"DATABASE_URL does not answer ({error}): check it, or type 'unset DATABASE_URL'"
        ) from None
    urls = urls_on(url, passwords)
    fenced = await _try_make_roles(url, urls, passwords)
    plain = {login: getattr(urls, login) if fenced and login != "owner" else url for login in LOGINS}
    own = {
        login: environment[name]
        for login in LOGINS
        if environment.get(name := f"PARLEY_DB_{login.upper()}_URL")
    }
    resolved = plain | own
    return DatabaseUrls(**resolved, fence=len(set(resolved.values())) == len(LOGINS))


async def _try_make_roles(url: str, urls: DatabaseUrls, passwords: Mapping[str, str]) -> bool:
    """Whether our roles exist on that server and accept our passwords."""
    try:
        await make_roles(url, passwords)
        connection = await asyncpg.connect(url, timeout=10)
        try:
            await connection.execute(
                f'GRANT CONNECT ON DATABASE "{database_of(url)}" TO parley_app, parley_sealer, parley_reader'
            )
        finally:
            await connection.close()
        for login in ("app", "sealer", "reader"):
            await ping(getattr(urls, login))
    except (TimeoutError, asyncpg.PostgresError, OSError):
        return False
    return True
