"""The command line: errors are one sentence that says what to type, and nothing heavy is loaded for help."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def parley(*args: str, var: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return subprocess.run(
        [sys.executable, "-m", "stack", *args],
        cwd=ROOT,
        env=clean | {"PARLEY_VAR": str(var)} | env,
        capture_output=True,
        text=True,
        timeout=60,
    )


def one_sentence(output: str) -> str:
    assert output.count("\n") == 1, output
    assert output.startswith("parley: ")
    return output


def test_help_names_every_command_without_loading_the_core(tmp_path: Path) -> None:
    done = parley("--help", var=tmp_path)
    for word in (
        "up",
        "down",
        "status",
        "doctor",
        "test",
        "check",
        "token",
        "logs",
        "reset",
        "person",
        "policy",
        "bench",
    ):
        assert f"    {word} " in done.stdout
    code = "import sys; from stack.cli import _parser; _parser(); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    ).stdout.split()
    assert {"sqlalchemy", "asyncpg", "asyncio", "core", "api"}.isdisjoint(loaded)


def test_status_of_nothing_says_what_to_type(tmp_path: Path) -> None:
    done = parley("status", var=tmp_path)
    assert (done.returncode, done.stdout) == (1, "Parley is not running: type './parley up'.\n")


def test_status_as_json_has_its_promised_fields(tmp_path: Path) -> None:
    status = json.loads(parley("status", "--json", var=tmp_path).stdout)
    assert status["ready"] is False
    assert {"api", "sandbox", "telegram_api", "n8n", "parts"} <= status.keys()
    assert status["n8n"] == {"state": "absent", "url": None}


def test_down_twice_is_no_error(tmp_path: Path) -> None:
    done = parley("down", var=tmp_path)
    assert (done.returncode, done.stdout) == (0, "Parley is not running.\n")


@pytest.mark.parametrize(
    "words",
    [
        ("logs",),
        ("logs", "api"),
        ("token", "officer"),
        ("policy", "show"),
        ("person", "disable", "a@b.example"),
        ("migrate",),
    ],
)
def test_before_the_first_start_every_word_answers_in_one_sentence(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = parley(*words, var=tmp_path)
    assert done.returncode == 1
    assert "./parley up" in one_sentence(done.stderr)


def test_a_chosen_port_that_is_taken_is_told_with_another_to_type(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        done = parley("up", var=tmp_path, PARLEY_API_PORT=port)
    assert done.returncode == 1
    assert f"port {port} is taken: type 'PARLEY_API_PORT=" in one_sentence(done.stderr)


def test_a_database_that_does_not_answer_is_told_at_once(tmp_path: Path) -> None:
    done = parley("up", var=tmp_path, DATABASE_URL="postgresql://nobody:secret@127.0.0.1:1/parley")
    assert done.returncode == 1
    assert "DATABASE_URL does not answer" in one_sentence(done.stderr)


def test_a_short_bot_key_is_refused(tmp_path: Path) -> None:
    done = parley("up", var=tmp_path, BOT_KEY="short")
    assert "BOT_KEY must be 64" in one_sentence(done.stderr)


def test_reset_without_a_person_deletes_nothing(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    done = parley("reset", var=tmp_path)
    assert done.returncode == 1
    assert (tmp_path / "files").exists()
    assert parley("reset", "--yes", var=tmp_path).returncode == 0
    assert not (tmp_path / "files").exists()
