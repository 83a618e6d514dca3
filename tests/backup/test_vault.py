"""The vault opens with its passphrase alone, and writes nowhere but into the folder it is for."""

from pathlib import Path

import pytest

from backup import vault
from backup.errors import BackupError

PASSPHRASE = "a passphrase of some length"
CONTENT = {"keys/one.pem": b"secret", "checkpoints/latest.txt": b"note", "run/secrets.json": b"{}"}


@pytest.fixture(scope="module")
def locked() -> bytes:
    return vault.lock(CONTENT, PASSPHRASE)


def test_what_was_locked_is_unlocked(locked: bytes) -> None:
    assert vault.unlock(locked, PASSPHRASE) == CONTENT
    assert b"secret" not in locked


def test_another_passphrase_opens_nothing(locked: bytes) -> None:
    with pytest.raises(BackupError, match="give the passphrase"):
        vault.unlock(locked, PASSPHRASE + "!")


@pytest.mark.parametrize("place", [0, 16, 40, -1])
def test_one_changed_byte_is_noticed(locked: bytes, place: int) -> None:
    changed = bytearray(locked)
    changed[place] ^= 1
    with pytest.raises(BackupError):
        vault.unlock(bytes(changed), PASSPHRASE)


def test_a_short_passphrase_is_refused_with_a_way_to_make_one() -> None:
    with pytest.raises(BackupError, match="openssl rand"):
        vault.check_passphrase("tooshort")


def test_only_what_is_missing_is_written(tmp_path: Path) -> None:
    (tmp_path / "one.pem").write_bytes(b"kept")
    there = vault.write_missing(CONTENT | {"keys/two.pem": b"new"}, "keys", tmp_path)
    assert there == [tmp_path / "one.pem"], "it is named, because it is another one"
    assert vault.write_missing({"keys/two.pem": b"new"}, "keys", tmp_path) == []
    assert (tmp_path / "one.pem").read_bytes() == b"kept"
    assert (tmp_path / "two.pem").stat().st_mode & 0o777 == 0o600


def test_a_path_that_leaves_the_folder_is_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    assert vault.write_missing({"keys/../outside": b"x"}, "keys", folder) == []
    assert not (tmp_path / "outside").exists()


def test_folders_and_single_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "one.pem").write_bytes(b"1")
    (tmp_path / "secrets.json").write_bytes(b"2")
    places = {
        "keys": tmp_path / "keys",
        "run/secrets.json": tmp_path / "secrets.json",
        "none": tmp_path / "x",
    }
    assert vault.read_places(places) == {"keys/one.pem": b"1", "run/secrets.json": b"2"}
