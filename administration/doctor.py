"""The command ``doctor``: whether everything that an installation needs is there, and what to do about what is not.

One rule: a check changes nothing, and a failed check does not stop the next one.
"""

import argparse
import asyncio
import os
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from administration.errors import CommandError
from administration.logins import LOGINS, ping
from administration.target import Target
from migrations.head import HEAD
from migrations.run import current


@dataclass(frozen=True)
class Finding:
    """What was checked, whether it is right, what was found, and how to fix it."""

    subject: str
    ok: bool
    seen: str
    fix: str = ""


HealthCheck = Callable[[], Iterator[Finding]]


def print_findings(checks: Sequence[tuple[str, HealthCheck]]) -> int:
    """Print every check; 1 when something needs fixing."""
    failed = 0
    for name, check in checks:
        for finding in _run_check(name, check):
            failed += not finding.ok
            print(f"  {'ok   ' if finding.ok else 'WRONG'} {finding.subject:<12} {finding.seen}", flush=True)
            if not finding.ok and finding.fix:
                print(f"        {'':<12} {finding.fix}")
    print("Everything is all right." if not failed else f"{failed} problems found.")
    return 1 if failed else 0


def _run_check(name: str, check: HealthCheck) -> list[Finding]:
    try:
        return list(check())
    except (CommandError, OSError, ValueError) as error:
        return [Finding(name, False, str(error))]


def doctor(target: Target, args: argparse.Namespace) -> int:
    """Check what the variables of this process name."""
    return print_findings(
        [
            ("PostgreSQL", lambda: _logins(target)),
            ("migrations", lambda: _migrations(target)),
            ("Redis", lambda: _redis(target)),
            ("folders", lambda: _folders(target)),
            ("API", lambda: _api(target)),
        ]
    )


def _logins(target: Target) -> Iterator[Finding]:
    target.url("app")
    for login in LOGINS:
        if login in target.logins:
            yield asyncio.run(_login(login, target.logins[login]))
    fenced = len(set(target.logins.values())) == len(target.logins)
    yield Finding(
        "fence", True, "each login has its own address" if fenced else "off: one login for everything"
    )


async def _login(login: str, url: str) -> Finding:
    try:
        await ping(url)
    except (OSError, asyncpg.PostgresError) as error:
        fix = f"check PARLEY_DB_{login.upper()}_URL; 'parley-migrate' makes logins that are missing"
        return Finding("PostgreSQL", False, f"{login}: {error}", fix)
    return Finding("PostgreSQL", True, f"answers {login}")


def _migrations(target: Target) -> Iterator[Finding]:
    at = current(target.url("app"))
    yield Finding("migrations", at == HEAD, f"at {at}, newest is {HEAD}", "type 'parley-migrate'")


def _redis(target: Target) -> Iterator[Finding]:
    if not target.redis_url:
        yield Finding("Redis", False, "no address", "set REDIS_URL, such as redis://redis:6379/0")
        return
    try:
        asyncio.run(_ask_redis(target.redis_url))
    except (OSError, RedisError) as error:
        yield Finding("Redis", False, str(error), "check that it runs, and REDIS_URL")
    else:
        yield Finding("Redis", True, "answers")


async def _ask_redis(url: str) -> None:
    client = Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3)
    try:
        await client.get("parley")
    finally:
        await client.aclose()


def _folders(target: Target) -> Iterator[Finding]:
    for name, folder in (("keys", target.keys), ("files", target.files), ("checkpoints", target.checkpoints)):
        right = folder.is_dir() and os.access(folder, os.R_OK)
        yield Finding(
            name, right, str(folder), f"set PARLEY_{name.upper()}_DIR to a folder that this user reads"
        )


def _api(target: Target) -> Iterator[Finding]:
    url = f"{target.api_url.rstrip('/')}/health/ready"
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            yield Finding("API", answer.status == 200, f"{url} says {answer.status}")
    except OSError as error:
        yield Finding(
            "API", False, f"{url}: {error}", "start parley-api, or wait a moment; else check PARLEY_API_URL"
        )
