"""What a backup refuses before it copies anything."""

import datetime as dt
from pathlib import Path

import pytest

from backup.errors import BackupError
from backup.make_backup import BackupSources, make_backup
from backup.postgres_tools import PROGRAMS, PostgresTools
from backup.repository import BackupRepository


@pytest.mark.parametrize("missing", ["files", "keys", "run/secrets.json"])
def test_a_place_with_nothing_in_it_is_named_and_nothing_is_begun(tmp_path: Path, missing: str) -> None:
    places = {name: tmp_path / name for name in ("files", "keys", "checkpoints", "run")}
    for place in (*places.values(), tmp_path / "programs"):
        place.mkdir()
    for program in PROGRAMS:
        (tmp_path / "programs" / program).touch()
    (places["keys"] / "one.pem").touch()
    (places["run"] / "secrets.json").touch()
    wrong = tmp_path / "elsewhere"
    secret_places = {
        "keys": places["keys"],
        "checkpoints": places["checkpoints"],
        "run/secrets.json": places["run"] / "secrets.json",
    }
    sources = BackupSources(
        "postgresql://backup@db/parley",
        wrong if missing == "files" else places["files"],
        {name: wrong if name == missing else place for name, place in secret_places.items()},
    )
    repository = BackupRepository(tmp_path / "backups")
    with pytest.raises(BackupError, match="elsewhere"):
        make_backup(
            repository,
            sources,
            PostgresTools(tmp_path / "programs"),
            passphrase="a passphrase of tests",
            log_size=0,
            now=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
        )
    assert not repository.folder.exists()
