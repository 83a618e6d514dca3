"""Which server is backed up, and when the next backup is due: by the newest, and soon after one that failed."""

import argparse
import datetime as dt
import threading
from pathlib import Path

import pytest

from administration import backup_schedule
from administration.backups import BackupSettings
from administration.cli import _hours
from administration.errors import CommandError
from backup.repository import BackupRecord, BackupRepository
from core.kernel.clock import SystemClock

HOUR = dt.timedelta(hours=1)


def a_backup(repository: BackupRepository, made_at: dt.datetime) -> None:
    backup_id = repository.begin(made_at)
    repository.base(backup_id).mkdir()
    repository.complete(BackupRecord(id=backup_id, parent=None, made_at=made_at, log_size=0, server="18"))


class Waits(threading.Event):
    """Notes how long it was waited for, and lets so many pauses pass."""

    def __init__(self, pauses: int) -> None:
        super().__init__()
        self._left = pauses
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.seconds.append(timeout)
        self._left -= 1
        return self._left < 0


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    waits = Waits(2)
    monkeypatch.setattr("administration.backup_schedule.threading.Event", lambda: waits)
    monkeypatch.setattr("administration.backup_schedule.signal.signal", lambda *_: None)
    return waits


@pytest.mark.parametrize(("minutes_old", "made"), [(None, 1), (61, 1), (20, 0)])
def test_one_is_made_at_the_start_only_when_it_is_due(
    tmp_path: Path, waits: Waits, minutes_old: int | None, made: int
) -> None:
    repository, calls = BackupRepository(tmp_path), list[dt.datetime]()
    if minutes_old is not None:
        a_backup(repository, SystemClock().now() - dt.timedelta(minutes=minutes_old))

    def once() -> None:
        calls.append(SystemClock().now())
        a_backup(repository, calls[-1])

    assert backup_schedule.back_up_every(HOUR, repository, once) == 0
    assert len(calls) == made
    assert waits.seconds[1] == pytest.approx(3600 if made else 2400, abs=5)


def test_one_that_failed_is_told_and_tried_again_in_ten_minutes(
    tmp_path: Path, waits: Waits, capsys: pytest.CaptureFixture[str]
) -> None:
    def once() -> None:
        raise CommandError("pg_basebackup failed: no space left")

    backup_schedule.back_up_every(HOUR, BackupRepository(tmp_path), once)
    assert "parley: pg_basebackup failed: no space left" in capsys.readouterr().err
    assert waits.seconds == [0, 600, 600]


def test_a_login_for_backups_wins_over_the_servers_usual_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "url").write_text("postgresql://backup@db/parley\n")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me@db/parley")
    monkeypatch.setenv("PARLEY_BACKUP_URL_FILE", str(tmp_path / "url"))
    found = BackupSettings().server_url
    assert found is not None
    assert found.get_secret_value() == "postgresql://backup@db/parley"


@pytest.mark.parametrize("text", ["0", "-1", "soon", "1e99"])
def test_an_interval_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="such as 1"):
        _hours(text)
