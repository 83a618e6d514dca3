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

from stack import process
from stack.checks import status_of

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


@dataclass(frozen=True)
class Installation:
    """One installation with a var folder of its own."""

    var: Path

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        return subprocess.run(
            [sys.executable, "-m", "stack", *words],
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
        told: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return told

    def left(self) -> list[int]:
        return process.all_marked(str(self.var))


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = Installation(tmp_path_factory.mktemp("up") / "var")
    made.up()
    yield made
    made.run("down")
    assert made.left() == []


def test_everything_required_is_ready_and_answers(installation: Installation) -> None:
    told = installation.status()
    assert told["ready"] is True
    assert {part["state"] for part in told["parts"].values()} <= {"ready", "done"}
    assert status_of(f"{told['api']}/health/ready") == 200
    assert status_of(f"{told['sandbox']}/health") == 200
    assert told["n8n"]["state"] == "off"


def test_a_second_up_changes_nothing_and_prints_a_link_per_person(installation: Installation) -> None:
    before, started = installation.status(), time.monotonic()
    said = installation.up()
    assert time.monotonic() - started < 10
    assert installation.status()["parts"] == before["parts"]
    assert said.count("/?as=") >= 1


@pytest.mark.parametrize("name", ["api", "relay", "worker", "telegram", "slack", "sandbox"])
def test_each_process_ends_within_25_seconds_of_sigterm_and_is_started_again(
    installation: Installation, name: str
) -> None:
    before = installation.status()["parts"][name]["pid"]
    since, started = process.started(before) or "", time.monotonic()
    os.kill(before, signal.SIGTERM)
    while process.same(before, since):
        assert time.monotonic() - started < 25
        time.sleep(0.1)
    while not installation.status()["ready"]:
        assert time.monotonic() - started < 60
    assert installation.status()["parts"][name]["pid"] not in (0, before)


def test_after_kill_9_of_the_supervisor_the_next_up_leaves_one_of_each(installation: Installation) -> None:
    file = installation.var / "run" / "state.json"
    os.kill(json.loads(file.read_text())["pid"], signal.SIGKILL)
    old = installation.left()
    addresses = installation.status()
    assert addresses["ready"] is False
    installation.up()
    again = installation.status()
    assert again["ready"] is True
    assert not set(old) & {part["pid"] for part in again["parts"].values()}
    assert set(installation.left()).isdisjoint(old)
