"""The supervisor over real processes: it starts them again, stops them in time, and leaves none behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from stack import board as boards
from stack import leftovers, process
from stack.board import Board
from stack.part import State
from stack.paths import Paths

ROOT = Path(__file__).parents[2]


@dataclass
class Running:
    """A supervisor process over the dummies."""

    paths: Paths
    child: "subprocess.Popen[bytes]"

    @property
    def board(self) -> Board:
        return boards.read(self.paths.state)

    def state(self, name: str) -> State:
        return self.board.parts[name].state

    def pid(self, name: str) -> int:
        return self.board.parts[name].pid

    def left(self) -> list[int]:
        """Every process that carries this installation's mark."""
        return process.all_marked(str(self.paths.var))


def until(what: Callable[[], bool], seconds: float = 15) -> None:
    """Wait until it is so; fail when it does not become so."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not become so in time"
        time.sleep(0.05)


def start(paths: Paths) -> Running:
    child = subprocess.Popen([sys.executable, "-m", "tests.stack.dummies", str(paths.var)], cwd=ROOT)
    running = Running(paths, child)
    until(lambda: running.board.pid == child.pid and running.board.ready)
    return running


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    made = start(Paths(ROOT, tmp_path / "var"))
    yield made
    made.child.kill()
    made.child.wait()
    leftovers.clean(made.paths, made.board)


def test_a_part_that_is_killed_runs_again_under_a_new_pid(running: Running) -> None:
    before = running.pid("steady")
    os.kill(before, signal.SIGKILL)
    until(lambda: running.state("steady") is State.ready and running.pid("steady") not in (0, before))
    assert running.board.parts["steady"].restarts == 1


def test_a_part_that_was_asked_to_end_is_started_again_without_an_error(running: Running) -> None:
    before = running.pid("steady")
    os.kill(before, signal.SIGTERM)
    until(lambda: running.state("steady") is State.ready and running.pid("steady") not in (0, before))
    assert running.board.parts["steady"].detail == ""


def test_a_part_that_fails_says_why_and_is_tried_until_it_is_mended(running: Running) -> None:
    until(lambda: running.board.parts["clumsy"].restarts >= 2)
    until(lambda: "not mended" in running.board.parts["clumsy"].detail)
    (running.paths.var / "mended").touch()
    until(lambda: running.state("clumsy") is State.ready)


def test_stopping_ends_even_a_deaf_part_and_its_child(running: Running) -> None:
    assert len(running.left()) >= 4
    started = time.monotonic()
    running.child.terminate()
    assert running.child.wait(20) == 0
    assert time.monotonic() - started < 10
    assert running.left() == []
    assert {row.state for row in running.board.parts.values()} == {State.stopped}


def test_a_part_stops_only_after_those_that_need_it(running: Running) -> None:
    os.kill(running.pid("after"), signal.SIGSTOP)
    steady = running.pid("steady")
    running.child.terminate()
    time.sleep(1)
    assert process.started(steady)
    os.kill(running.pid("after"), signal.SIGCONT)
    assert running.child.wait(20) == 0


def test_after_kill_9_of_the_supervisor_no_process_outlives_the_next_start(running: Running) -> None:
    willing, deaf = running.pid("steady"), running.pid("stubborn")
    running.child.kill()
    running.child.wait()
    until(lambda: process.started(willing) is None, 5)
    assert process.started(deaf), "the deaf one ignores the kernel's signal too"
    again = start(running.paths)
    assert process.started(deaf) is None
    assert again.pid("stubborn") != deaf
    again.child.terminate()
    again.child.wait(20)
    assert running.left() == []


def test_a_pid_that_was_given_to_somebody_else_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        paths = Paths(ROOT, tmp_path / "var")
        board = Board(paths.state)
        board.parts["steady"] = boards.Row(pid=stranger.pid, since="another boot/1")
        assert leftovers.clean(paths, board) == []
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
