"""PostgreSQL's own programs for backups: base backup, verify, combine.

One rule: what PostgreSQL can do itself is done by PostgreSQL; nothing here reads its files.
"""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from backup.errors import BackupError

PROGRAMS = ("pg_basebackup", "pg_verifybackup", "pg_combinebackup")
_LAST_LINES = 3


@dataclass(frozen=True)
class PostgresTools:
    """The programs of one folder; of the same major version as the server, 17 or newer."""

    binaries: Path

    def check(self) -> None:
        """BackupError when a program is missing."""
        missing = [name for name in PROGRAMS if not (self.binaries / name).exists()]
        if missing:
            raise BackupError(
                f"{', '.join(missing)} is not in {self.binaries}: name PostgreSQL's folder of programs, "
                "such as PARLEY_PG_BIN=/usr/lib/postgresql/18/bin"
            )

    def base_backup(self, url: str, into: Path, parent: Path | None) -> None:
        """Copy the server while it runs; with ``parent``, an earlier copy, only the blocks that changed since."""
        connection, password = _without_password(url)
        since = () if parent is None else ("--incremental", str(parent / "backup_manifest"))
        flags = ("--wal-method=stream", "--checkpoint=fast", "--manifest-checksums=SHA256")
        self._run("pg_basebackup", "-d", connection, "-D", str(into), *flags, *since, password=password)

    def verify(self, copy: Path) -> None:
        """Compare every file of a copy with its manifest, and read its write-ahead log."""
        self._run("pg_verifybackup", "--quiet", str(copy))

    def combine(self, chain: Sequence[Path], into: Path) -> None:
        """A data folder from a full copy and the incremental ones after it, oldest first."""
        self._run("pg_combinebackup", *map(str, chain), "-o", str(into))

    def _run(self, program: str, *args: str, password: str = "") -> None:
        done = subprocess.run(
            [str(self.binaries / program), *args],
            env=os.environ | {"PGPASSWORD": password, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            cwd="/",
        )
        if done.returncode:
            said = " ".join(done.stderr.strip().splitlines()[-_LAST_LINES:])
            raise BackupError(f"{program} failed: {said or 'it said nothing'}")


def _without_password(url: str) -> tuple[str, str]:
    """Everybody on the machine can read a command line, so the password goes by the environment."""
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    return urlunsplit(parts._replace(netloc=f"{name}@{host}" if user else host)), unquote(password)
