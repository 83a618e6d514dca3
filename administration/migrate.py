"""``python -m administration.migrate``: our logins in PostgreSQL, then the schema's newest revision.

One rule: it may run at any time and any number of times; what is there already stays as it is.
"""

import argparse
import asyncio
import os
import secrets
import sys
from urllib.parse import unquote, urlsplit

import asyncpg
from sqlalchemy.exc import DBAPIError

from administration import cli
from administration.errors import CommandError, DatabaseAway
from administration.logins import make_logins
from administration.target import Target
from migrations.run import NoRecentBackup, check_backup, current, upgrade


def migrate(target: Target, args: argparse.Namespace) -> int:
    """Bring the database to the newest revision."""
    owner = target.url("owner")
    try:
        check_backup(owner, os.environ)
        if passwords := passwords_of(target):
            asyncio.run(make_logins(owner, passwords))
        upgrade(owner)
    except NoRecentBackup as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise DatabaseAway(f"the database does not answer ({error})") from None
    except asyncpg.InsufficientPrivilegeError:
        raise CommandError(
            "the login of PARLEY_DB_OWNER_URL may not create roles: let the server's administrator give it "
            "CREATEROLE, or use its address for every PARLEY_DB_…_URL"
        ) from None
    except asyncpg.PostgresError as error:
        raise CommandError(f"the database refuses ({error}): check PARLEY_DB_OWNER_URL") from None
    except DBAPIError as error:  # its own words repeat the row that it is about
        kind = type(error.orig.__cause__ or error.orig).__name__ if error.orig else type(error).__name__
        raise CommandError(f"the migration failed: {kind} at {(error.statement or '')[:200]}") from None
    print(f"The database is at revision {current(owner)}.")
    return 0


def passwords_of(target: Target) -> dict[str, str]:
    """The password of each login of ours that has an address here; none when all of them are somebody else's."""
    found = {}
    for login, url in target.logins.items():
        parts = urlsplit(url)
        if parts.username == f"parley_{login}" and parts.password:
            found[login] = unquote(parts.password)
    if set(found) <= {"owner"}:
        return {}
    return {
        login: found.get(login, secrets.token_urlsafe(24)) for login in ("owner", "app", "sealer", "reader")
    }


def main() -> int:
    """``parley migrate``, with the addresses from the environment."""
    return cli.main(["migrate"])


if __name__ == "__main__":
    sys.exit(main())
