"""Every variable may be a file; ``parley init`` makes the secrets once, each process's in a folder of its own."""

import argparse
import errno
import hashlib
import os
from pathlib import Path

import pytest

from administration.errors import CommandError
from administration.initialise import BY_PROCESS, GIVEN, MADE, initialise
from api.server.settings import ApiSettings
from api.startup import settings_or_exit

KEY = "0123456789abcdef" * 4


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for name in ("DATABASE_URL", "BOT_KEY", "REDIS_URL", *GIVEN):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PARLEY_DB_APP_URL", "postgresql://parley_app:x@db/parley")
    monkeypatch.setenv("PARLEY_KEYS_DIR", str(tmp_path))
    monkeypatch.setenv("PARLEY_FILES_DIR", str(tmp_path))
    return monkeypatch


def test_a_file_stands_for_a_variable_without_its_last_line_end(
    variables: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    variables.setenv("BOT_KEY_FILE", str(tmp_path / "key"))
    assert settings_or_exit(ApiSettings, "the api").bot_key.get_secret_value() == KEY


def test_the_variable_itself_wins(variables: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY)
    variables.setenv("BOT_KEY_FILE", str(tmp_path / "key"))
    variables.setenv("BOT_KEY", KEY[::-1])
    assert settings_or_exit(ApiSettings, "the api").bot_key.get_secret_value() == KEY[::-1]


def test_an_empty_file_is_none_and_an_empty_variable_too(
    variables: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "empty").write_text("")
    variables.setenv("BOT_KEY", KEY)
    variables.setenv("PARLEY_CHAT_KEY_FILE", str(tmp_path / "empty"))
    variables.setenv("PARLEY_CALLBACK_SECRET", "")
    settings = settings_or_exit(ApiSettings, "the api")
    assert settings.chat_key is None
    assert settings.callback_secret is None


def test_a_file_that_is_not_there_ends_the_process_and_is_named(
    variables: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    variables.setenv("BOT_KEY_FILE", str(tmp_path / "missing"))
    with pytest.raises(SystemExit, match=r"BOT_KEY_FILE: .*missing cannot be read \(FileNotFoundError\)"):
        settings_or_exit(ApiSettings, "the api")


def made(
    folder: Path, *, by_process: bool = True, database: str = "postgresql://parley_owner@db:5432/parley"
) -> None:
    args = argparse.Namespace(
        folder=folder, database=database, redis="redis://redis:6379/0", by_process=by_process
    )
    assert initialise(args) == 0


def texts(folder: Path) -> dict[str, str]:
    return {
        str(each.relative_to(folder)): each.read_text()
        for each in sorted(folder.rglob("*"))
        if each.is_file()
    }


def test_secrets_are_made_once_and_what_is_given_later_is_added(
    variables: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made(tmp_path / "parley")
    before = texts(tmp_path / "parley")
    assert len({before[f"secrets/{name}"] for name in MADE}) == len(MADE)
    variables.setenv("TELEGRAM_BOT_TOKEN", "7700:given-by-somebody")
    made(tmp_path / "parley")
    after = texts(tmp_path / "parley")
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {f"{each}/TELEGRAM_BOT_TOKEN" for each in ("secrets", "worker", "telegram")} | {
        f"{each}/PARLEY_TELEGRAM_LOGIN_KEY" for each in ("secrets", "api")
    }
    assert after["api/PARLEY_TELEGRAM_LOGIN_KEY"] == hashlib.sha256(b"7700:given-by-somebody").hexdigest()


def test_a_full_disk_leaves_every_secret_as_it_was(variables: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made(tmp_path / "parley")
    before = texts(tmp_path / "parley")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    variables.setattr(os, "fsync", full)
    variables.setenv("TELEGRAM_BOT_TOKEN", "7700:given-by-somebody")
    with pytest.raises(OSError, match="no space"):
        made(tmp_path / "parley")
    assert before.items() <= texts(tmp_path / "parley").items()


def test_each_process_has_its_secrets_and_others_of_the_machine_have_none(
    variables: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made(tmp_path / "parley")
    for process, names in BY_PROCESS.items():
        folder = tmp_path / "parley" / process
        assert {each.name for each in folder.iterdir()} == set(names)
        assert folder.stat().st_mode & 0o007 == 0
        assert all(each.stat().st_mode & 0o137 == 0 for each in folder.iterdir())
    assert (tmp_path / "parley" / "secrets").stat().st_mode & 0o077 == 0
    owner = (tmp_path / "parley" / "migrate" / "PARLEY_DB_OWNER_URL").read_text()
    password = (tmp_path / "parley" / "postgres" / "POSTGRES_PASSWORD").read_text()
    assert owner == f"postgresql://parley_owner:{password}@db:5432/parley"


def test_servers_of_somebody_else_keep_their_addresses(variables: pytest.MonkeyPatch, tmp_path: Path) -> None:
    database = "postgresql://me:mine@db:5432/buying"
    made(tmp_path / "parley", by_process=False, database=database)
    found = texts(tmp_path / "parley")
    assert found["secrets/PARLEY_DB_OWNER_URL"] == database
    assert found["secrets/REDIS_URL"] == "redis://redis:6379/0"
    assert f"BOT_KEY_FILE={tmp_path}/parley/secrets/BOT_KEY" in found["parley.env"].splitlines()


@pytest.mark.parametrize(
    ("database", "told"),
    [("", "--database ADDRESS, such as postgresql://"), ("postgresql://db", "names no database")],
)
def test_an_address_that_is_none_is_refused(
    variables: pytest.MonkeyPatch, tmp_path: Path, database: str, told: str
) -> None:
    with pytest.raises(CommandError, match=told):
        made(tmp_path / "parley", database=database)
