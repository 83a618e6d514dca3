"""``./parley up`` over the real parts: ready, idempotent, and clean after ``kill -9`` of the supervisor."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stack.http_client import status_of
from stack.supervisor import processes
from stack.supervisor.status_file import read_status

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


@dataclass(frozen=True)
class CliInstallation:
    """One installation with a var folder of its own."""

    var: Path

    def run(self, *args: str) -> "subprocess.CompletedProcess[str]":
        env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        return subprocess.run(
            [sys.executable, "-m", "stack", *args],
            cwd=ROOT,
            env=env | {"PARLEY_VAR": str(self.var)},
            capture_output=True,
            text=True,
            timeout=250,
        )

    def up(self) -> str:
        done = self.run("up", "--without", "n8n")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def status(self) -> dict[str, Any]:
        status: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return status

    def remaining_pids(self) -> list[int]:
        return processes.all_marked(str(self.var))


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CliInstallation]:
    created = CliInstallation(tmp_path_factory.mktemp("up") / "var")
    created.up()
    yield created
    created.run("down")
    assert created.remaining_pids() == []


def test_everything_required_is_ready_and_answers(installation: CliInstallation) -> None:
    status = installation.status()
    assert status["ready"] is True
    assert {part["state"] for part in status["parts"].values()} <= {"ready", "done"}
    assert status_of(f"{status['api']}/health/ready") == 200
    assert status_of(f"{status['sandbox']}/health") == 200
    assert status["n8n"]["state"] == "off"


def test_a_second_up_changes_nothing_and_prints_a_link_per_person(installation: CliInstallation) -> None:
    before, started = installation.status(), time.monotonic()
    output = installation.up()
    assert time.monotonic() - started < 10
    assert installation.status()["parts"] == before["parts"]
    assert output.count("/?as=") >= 1


@pytest.mark.parametrize("name", ["api", "relay", "worker", "telegram", "slack", "sandbox"])
def test_each_process_ends_within_25_seconds_of_sigterm_and_is_started_again(
    installation: CliInstallation, name: str
) -> None:
    before = installation.status()["parts"][name]["pid"]
    since, started = processes.start_time(before) or "", time.monotonic()
    os.kill(before, signal.SIGTERM)
    while processes.is_same(before, since):
        assert time.monotonic() - started < 25
        time.sleep(0.1)
    while not read_status(installation.var / "run" / "state.json").ready:
        assert time.monotonic() - started < 180
        time.sleep(0.1)  # the command itself, again and again, would take the core that the process starts on
    assert installation.status()["ready"]
    assert installation.status()["parts"][name]["pid"] not in (0, before)


def test_after_kill_9_of_the_supervisor_the_next_up_leaves_one_of_each(installation: CliInstallation) -> None:
    file = installation.var / "run" / "state.json"
    os.kill(json.loads(file.read_text())["pid"], signal.SIGKILL)
    old = installation.remaining_pids()
    addresses = installation.status()
    assert addresses["ready"] is False
    installation.up()
    again = installation.status()
    assert again["ready"] is True
    assert not set(old) & {part["pid"] for part in again["parts"].values()}
    assert set(installation.remaining_pids()).isdisjoint(old)
