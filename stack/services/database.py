"""The addresses of PostgreSQL for a local installation: its own server's, or those on the user's.

One rule: the user's own address wins.

If its login may not create roles, everything runs under it and ``fence`` is False, which ``up`` and
``doctor`` report.
"""

import asyncio
from collections.abc import Mapping

import asyncpg

from administration.logins import LOGINS, DatabaseUrls, make_logins, ping, urls_on
from stack.errors import StackError


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
        await make_logins(url, passwords)
        for login in ("app", "sealer", "reader"):
            await ping(getattr(urls, login))
    except (TimeoutError, asyncpg.PostgresError, OSError):
        return False
    return True
