"""The data folder of a restore: how PostgreSQL is told where to fetch what was written since."""

import datetime as dt
import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest

from backup.errors import BackupError
from backup.postgres_tools import PostgresTools
from backup.repository import BackupRecord, BackupRepository
from backup.restore_backup import build_data_folder

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


class NoTools(PostgresTools):
    """Every copy is whole, and a combined one is empty."""

    def check(self) -> None: ...

    def verify(self, copy: Path) -> None: ...

    def combine(self, chain: Sequence[Path], into: Path) -> None:
        into.mkdir()


@pytest.fixture
def repository(tmp_path: Path) -> BackupRepository:
    made = BackupRepository(tmp_path / "backups")
    made.complete(
        BackupRecord(id=made.begin(NOW), parent=None, made_at=NOW, log_size=1, server="18"),
    )
    return made


@pytest.mark.parametrize("name", ["wal", "what's written, 100% of it"])
def test_a_received_segment_is_fetched_from_any_folder(
    repository: BackupRepository, tmp_path: Path, name: str
) -> None:
    wal = tmp_path / name
    wal.mkdir()
    build_data_folder(repository, repository.newest(), NoTools(tmp_path), tmp_path / "data", wal)
    (line,) = (tmp_path / "data" / "postgresql.auto.conf").read_text(encoding="utf-8").splitlines()
    written = line.removeprefix("restore_command = '").removesuffix("'")
    assert "'" not in written.replace("''", ""), "as PostgreSQL reads its settings"
    first = shlex.split(written.replace("''", "'"))[:3]
    assert [each.replace("%%", "%") for each in first] == ["cp", f"{wal}/%f", "%p"]


def test_a_folder_that_is_none_is_named_before_anything_is_made(
    repository: BackupRepository, tmp_path: Path
) -> None:
    with pytest.raises(BackupError, match="nowhere is not a folder of write-ahead log"):
        build_data_folder(
            repository, repository.newest(), NoTools(tmp_path), tmp_path / "data", tmp_path / "nowhere"
        )
    assert not (tmp_path / "data").exists(), "so that the next attempt is not refused"
