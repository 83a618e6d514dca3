"""``doctor``: checks everything that must be right, and says how to fix what is not.

One rule: a check changes nothing, and a failed check does not stop the next one.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from administration.doctor import Finding, print_findings
from stack import http_client, installation, ports
from stack.installation import LocalInstallation
from stack.paths import Paths
from stack.supervisor.status_file import StatusFile, read_status
from stack.supervisor.up import n8n_state

_MIN_FREE_GB = 5


HealthCheck = Callable[[Paths, StatusFile], Iterator[Finding]]


def doctor(paths: Paths) -> int:
    """Print every check; 1 when something needs fixing."""
    status_file = read_status(paths.state)
    checks: tuple[HealthCheck, ...] = (
        _python,
        _lock,
        _writable,
        _disk,
        _supervisor,
        _secrets,
        _files,
        _database,
        _redis,
        _ports,
        _api,
        _n8n,
        _telegram,
    )
    return print_findings(
        [(check.__name__.strip("_"), partial(check, paths, status_file)) for check in checks]
    )


def _python(paths: Paths, status_file: StatusFile) -> Iterator[Finding]:
    version = ".".join(str(number) for number in sys.version_info[:3])
    yield Finding(
        "Python",
        sys.version_info >= (3, 11),
        version,
        "install Python 3.11 or newer, then type 'rm -r .venv'",
    )


def _lock(paths: Paths, status_file: StatusFile) -> Iterator[Finding]:
    stamp = paths.root / ".venv" / "parley-lock"
    lock = (paths.root / "requirements.lock").read_bytes()
    checksum = subprocess.run(["cksum"], input=lock, capture_output=True).stdout.decode().strip()
    right = stamp.exists() and stamp.read_text().strip() == checksum
    yield Finding(
        "libraries",
        right,
        "as locked" if right else "not as requirements.lock says",
        "type './parley status'",
    )


def _writable(paths: Paths, status_file: StatusFile) -> Iterator[Finding]:
    nearest = _nearest(paths.var)
    right = os.access(nearest, os.W_OK)
    yield Finding("write access", right, str(nearest), f"type 'chown -R $(id -un) {nearest}' as its owner")


def _nearest(folder: Path) -> Path:
    """The folder, or the one in which it will be made."""
    while not folder.exists():
        folder = folder.parent
    return folder


def _disk(paths: Paths, status_file: StatusFile) -> Iterator[Finding]:
    """Of the folder that is used: ``PARLEY_VAR`` may lie on another disk than the clone."""
    folder = _nearest(paths.var)
    free = shutil.disk_usage(folder).free / 1e9
    yield Finding(
        "disk",
        free >= _MIN_FREE_GB,
        f"{free:.1f} GB free at {folder}",
        f"free {_MIN_FREE_GB} GB there, or type './parley up --without n8n'",
    )


def _supervisor(paths: Paths, status_file: StatusFile) -> Iterator[Finding]:
    if not status_file.alive:
        seen = status_file.error or "not running"
        yield Finding("Parley", False, seen, "type './parley up'")
        return
    yield Finding(
        "Parley",
        status_file.ready,
        f"running, pid {status_file.pid}",
        f"not up: {', '.join(status_file.missing)}",
    )
    for name, status in status_file.services.items():
        if status.detail:
            yield Finding(name, False, status.detail, f"type './parley logs {name}'")


def _secrets(paths: Paths, status_file: StatusFile) -> Iterator[Finding]:
    if paths.secrets.exists():
        mode = paths.secrets.stat().st_mode & 0o777
        yield Finding("secrets", mode == 0o600, f"mode {mode:o}", f"type 'chmod 600 {paths.secrets}'")
    if paths.keys.exists():
        keys = [key for key in paths.keys.iterdir() if key.is_file()]
        open_keys = [key.name for key in keys if key.stat().st_mode & 0o077 and key.suffix != ".pub"]
        seen = f"{len(keys)} in {paths.keys}" if not open_keys else f"others can read {', '.join(open_keys)}"
        folder_closed = not paths.keys.stat().st_mode & 0o077
        yield Finding("signing keys", folder_closed or not open_keys, seen, f"type 'chmod 700 {paths.keys}'")


def _files(paths: Paths, status_file: StatusFile) -> Iterator[Finding]:
    """Folders with what people wrote, and the secrets: nobody else on this machine may look."""
    opened = [folder.name for folder in paths.private if folder.exists() and folder.stat().st_mode & 0o077]
    seen = f"others can open {', '.join(opened)}" if opened else "closed to others"
    yield Finding("files", not opened, seen, f"type 'chmod go= {paths.var}/*'")


def _database(paths: Paths, status_file: StatusFile) -> Iterator[Finding]:
    if not status_file.alive and not os.environ.get("DATABASE_URL"):
        return
    local_installation = installation.load(paths)
    yield from asyncio.run(_logins(local_installation))
    yield Finding(
        "fence",
        local_installation.databases.fence,
        "each process has its own login"
        if local_installation.databases.fence
        else "database fence off: one login for everything",
        "give DATABASE_URL a login that may create roles, or leave it out",
    )
    from migrations.run import current, head

    at, newest = current(local_installation.databases.owner), head()
    yield Finding("migrations", at == newest, f"at {at}, newest is {newest}", "type './parley migrate'")


async def _logins(local_installation: LocalInstallation) -> list[Finding]:
    import asyncpg

    from administration.logins import LOGINS, ping

    found = []
    for login in LOGINS:
        try:
            await ping(getattr(local_installation.databases, login))
            found.append(Finding("PostgreSQL", True, f"answers {login}"))
        except (OSError, asyncpg.PostgresError) as error:
            found.append(
                Finding("PostgreSQL", False, f"{login}: {error}", "type './parley down', then './parley up'")
            )
    return found


def _redis(paths: Paths, status_file: StatusFile) -> Iterator[Finding]:
    if not status_file.alive and not os.environ.get("REDIS_URL"):
        return
    from redis.exceptions import RedisError

    from stack.services.redis import ping

    try:
        asyncio.run(ping(installation.load(paths).redis_url))
        yield Finding("Redis", True, "answers")
    except (OSError, RedisError) as error:
        yield Finding("Redis", False, str(error), "type './parley down', then './parley up'")


def _ports(paths: Paths, status_file: StatusFile) -> Iterator[Finding]:
    if status_file.alive:
        return
    for name, port in installation.load(paths).ports.items():
        if not ports.is_free(port):
            yield Finding("ports", True, f"{port} of {name} is now taken; the next 'up' will choose another")


def _api(paths: Paths, status_file: StatusFile) -> Iterator[Finding]:
    if status_file.alive:
        url = f"{status_file.facts['api']}/health/ready"
        status = http_client.status_of(url)
        yield Finding("API", status == 200, f"{url} says {status}", "type './parley logs api'")
        if status == 200:
            yield _log_of(http_client.fetch(url))


def _log_of(readiness: object) -> Finding:
    """What the API knows of the log from outside the database."""
    checks = readiness.get("checks", {}) if isinstance(readiness, dict) else {}
    seen = str(checks.get("log", "not known"))
    return Finding(
        "log", seen == "ok", seen, "type './parley verify', and keep a copy of var before anything else"
    )


def _n8n(paths: Paths, status_file: StatusFile) -> Iterator[Finding]:
    state = n8n_state(status_file)
    if state in ("off", "absent"):
        return
    yield Finding(
        "n8n", state != "failed", state, "type './parley logs n8n-setup'; Parley works without it meanwhile"
    )


def _telegram(paths: Paths, status_file: StatusFile) -> Iterator[Finding]:
    token = os.environ.get("TELEGRAM_BOT_TOKEN")
    if not token:
        return
    base = os.environ.get("TELEGRAM_API_BASE", "https://api.telegram.org")
    try:
        with urllib.request.urlopen(f"{base}/bot{token}/getMe", timeout=10) as answer:
            seen = f"bot @{json.load(answer)['result']['username']}"
        yield Finding("Telegram", True, seen)
    except urllib.error.HTTPError as error:
        error.close()
        yield Finding(
            "Telegram",
            False,
            f"refuses the token ({error.code})",
            "ask BotFather for a new TELEGRAM_BOT_TOKEN",
        )
    except OSError as error:
        yield Finding(
            "Telegram", False, f"{base} cannot be reached: {error}", "check the network or TELEGRAM_API_BASE"
        )
