"""The api as its own process: starts, answers over a socket, stops in order, refuses weak secrets."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from stack.ports import find_free
from tests.support.api import BOT_KEY
from tests.support.postgres import Database

ROOT = Path(__file__).parents[2]


def environment(database: Database, folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "DATABASE"))}
    return {
        **kept,
        "PARLEY_DB_APP_URL": database.app_url,
        "PARLEY_KEYS_DIR": str(folder / "keys"),
        "PARLEY_FILES_DIR": str(folder / "files"),
        "BOT_KEY": BOT_KEY,
        "PARLEY_API_PORT": str(find_free()),
        **more,
    }


@pytest.fixture
def address(database: Database, tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    settings = environment(database, tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "api"], cwd=ROOT, env=settings, stderr=(tmp_path / "log").open("wb")
    )
    url = f"http://127.0.0.1:{settings['PARLEY_API_PORT']}"
    try:
        wait_for(f"{url}/health/live")
        yield url, process
    finally:
        process.kill()
        process.wait(10)


def wait_for(url: str) -> None:
    for _ in range(300):
        try:
            if httpx2.get(url, timeout=2).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")


def test_the_process_is_ready_and_stops_when_told(
    address: tuple[str, subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    url, process = address
    assert httpx2.get(f"{url}/health/ready", timeout=60).json()["status"] == "ok"
    key = next((tmp_path / "keys").iterdir())
    assert key.stat().st_mode & 0o777 == 0o600
    assert "paths" in httpx2.get(f"{url}/openapi.json", timeout=60).json()
    for length, status in ((10_000, 401), (30_000, 431)):
        headers = {"Authorization": f"Bearer {'A' * length}"}
        assert httpx2.get(f"{url}/me", headers=headers, timeout=60).status_code == status
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) in (0, -signal.SIGTERM)


@pytest.mark.parametrize(
    "wrong",
    [
        {"BOT_KEY": "tiny"},
        {"BOT_KEY": ""},
        {"BOT_KEY": "0" * 64},
        {"PARLEY_CALLBACK_SECRET": "tiny"},
        {"PARLEY_CHAT_KEY": "0123456789 not hexadecimal " * 3},
    ],
)
def test_the_process_does_not_start_with_a_weak_secret(
    database: Database, tmp_path: Path, wrong: dict[str, str]
) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "api"],
        cwd=ROOT,
        env=environment(database, tmp_path, **wrong),
        capture_output=True,
        timeout=60,
    )
    assert run.returncode != 0
    name, value = next(iter(wrong.items()))
    assert name.encode() in run.stderr
    assert b"Traceback" not in run.stderr
    assert not value or value.encode() not in run.stderr
