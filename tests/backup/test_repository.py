"""Which backups stand on which, when a full one is due, and which may go."""

import datetime as dt
from pathlib import Path

import pytest

from backup.errors import BackupError
from backup.repository import BackupRecord, BackupRepository, copy_missing

START = dt.datetime(2026, 11, 1, 3, tzinfo=dt.UTC)


def made(repository: BackupRepository, day: int, parent: str | None = None) -> BackupRecord:
    now = START + dt.timedelta(days=day)
    backup_id = repository.begin(now)
    (repository.base(backup_id)).mkdir()
    (repository.base(backup_id) / "PG_VERSION").write_text("18")
    repository.vault(backup_id).parent.mkdir(exist_ok=True)
    repository.vault(backup_id).write_bytes(b"vault")
    record = BackupRecord(id=backup_id, parent=parent, made_at=now, log_size=day, server="18")
    repository.complete(record)
    return record


@pytest.fixture
def repository(tmp_path: Path) -> BackupRepository:
    return BackupRepository(tmp_path / "backups")


def test_a_backup_stands_on_all_down_to_the_full_one(repository: BackupRepository) -> None:
    full = made(repository, 0)
    second = made(repository, 1, full.id)
    third = made(repository, 2, second.id)
    assert repository.chain(third) == [full, second, third]
    assert repository.newest() == third
    assert repository.size_of(third.id) == len("18") + len("vault")


def test_an_incremental_one_stands_on_the_newest_until_the_full_one_is_a_week_old(
    repository: BackupRepository,
) -> None:
    assert repository.parent_for(START) is None
    full = made(repository, 0)
    second = made(repository, 6, full.id)
    assert repository.parent_for(START + dt.timedelta(days=6, hours=23)) == second
    assert repository.parent_for(START + dt.timedelta(days=7)) is None


def test_an_interrupted_backup_does_not_count_and_is_cleared_away(repository: BackupRepository) -> None:
    left = repository.folder / repository.begin(START)
    vault = repository.vault(left.name)
    vault.parent.mkdir()
    vault.write_bytes(b"vault")
    assert repository.all() == []
    repository.begin(START + dt.timedelta(hours=1))
    assert not left.exists()
    assert not vault.exists()


def test_two_backups_at_once_do_not_clear_each_other_away(repository: BackupRepository) -> None:
    with repository.alone():
        left = repository.folder / repository.begin(START)
        with pytest.raises(BackupError, match="another backup is being made"), repository.alone():
            pass
        assert left.exists()
    with repository.alone():
        assert repository.all() == []


def test_a_chain_goes_when_all_of_it_is_older_and_a_newer_chain_stays(repository: BackupRepository) -> None:
    first = made(repository, 0)
    made(repository, 1, first.id)
    second = made(repository, 8)
    kept = made(repository, 9, second.id)
    assert len(repository.delete_older(START + dt.timedelta(days=30))) == 2
    assert repository.all() == [second, kept]
    assert not repository.vault(first.id).exists()
    assert repository.delete_older(START + dt.timedelta(days=300)) == []


def test_a_missing_parent_is_named(repository: BackupRepository) -> None:
    record = made(repository, 1, "20261031T030000Z")
    with pytest.raises(BackupError, match="20261031T030000Z, which is not there"):
        repository.chain(record)


def test_an_unknown_backup_is_refused_with_those_that_there_are(repository: BackupRepository) -> None:
    record = made(repository, 0)
    with pytest.raises(BackupError, match=record.id):
        repository.named("yesterday")
    with pytest.raises(BackupError, match="there is no backup in"):
        BackupRepository(repository.folder / "empty").newest()


def test_files_are_copied_once_and_half_written_ones_never(tmp_path: Path) -> None:
    source, target = tmp_path / "files", tmp_path / "copy"
    (source / "ab").mkdir(parents=True)
    (source / "ab" / "ab12").write_bytes(b"content")
    (source / "ab" / ".partial").write_bytes(b"half")
    assert copy_missing(source, target) == 1
    assert copy_missing(source, target) == 0
    assert [each.name for each in target.rglob("*") if each.is_file()] == ["ab12"]
