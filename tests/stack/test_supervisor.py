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

from stack.paths import Paths
from stack.supervisor import orphans, processes
from stack.supervisor.service import ServiceState
from stack.supervisor.status_file import ServiceStatus, StatusFile, read_status

ROOT = Path(__file__).parents[2]


@dataclass
class RunningSupervisor:
    """A supervisor process over the dummies."""

    paths: Paths
    process: "subprocess.Popen[bytes]"

    @property
    def status_file(self) -> StatusFile:
        return read_status(self.paths.state)

    def state(self, name: str) -> ServiceState:
        return self.status_file.services[name].state

    def pid(self, name: str) -> int:
        return self.status_file.services[name].pid

    def remaining_pids(self) -> list[int]:
        """Every process that carries this installation's mark."""
        return processes.all_marked(str(self.paths.var))


def wait_until(what: Callable[[], bool], seconds: float = 15) -> None:
    """Wait until it is so; fail when it does not become so."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not become so in time"
        time.sleep(0.05)


def start(paths: Paths) -> RunningSupervisor:
    process = subprocess.Popen([sys.executable, "-m", "tests.stack.dummy_services", str(paths.var)], cwd=ROOT)
    running = RunningSupervisor(paths, process)
    wait_until(lambda: running.status_file.pid == process.pid and running.status_file.ready)
    return running


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningSupervisor]:
    supervisor = start(Paths(ROOT, tmp_path / "var"))
    yield supervisor
    supervisor.process.kill()
    supervisor.process.wait()
    orphans.stop_orphans(supervisor.paths, supervisor.status_file)


def test_a_part_that_is_killed_runs_again_under_a_new_pid(running: RunningSupervisor) -> None:
    before = running.pid("steady")
    os.kill(before, signal.SIGKILL)
    wait_until(
        lambda: running.state("steady") is ServiceState.ready and running.pid("steady") not in (0, before)
    )
    assert running.status_file.services["steady"].restarts == 1


def test_a_part_that_was_asked_to_end_is_started_again_without_an_error(running: RunningSupervisor) -> None:
    before = running.pid("steady")
    os.kill(before, signal.SIGTERM)
    wait_until(
        lambda: running.state("steady") is ServiceState.ready and running.pid("steady") not in (0, before)
    )
    assert running.status_file.services["steady"].detail == ""


def test_a_part_that_fails_says_why_and_is_tried_until_it_is_mended(running: RunningSupervisor) -> None:
    wait_until(lambda: running.status_file.services["clumsy"].restarts >= 2)
    wait_until(lambda: "not mended" in running.status_file.services["clumsy"].detail)
    (running.paths.var / "mended").touch()
    wait_until(lambda: running.state("clumsy") is ServiceState.ready)


def test_stopping_ends_even_a_deaf_part_and_its_child(running: RunningSupervisor) -> None:
    assert len(running.remaining_pids()) >= 4
    started = time.monotonic()
    running.process.terminate()
    assert running.process.wait(20) == 0
    assert time.monotonic() - started < 10
    assert running.remaining_pids() == []
    assert {row.state for row in running.status_file.services.values()} == {ServiceState.stopped}


def test_a_part_stops_only_after_those_that_need_it(running: RunningSupervisor) -> None:
    os.kill(running.pid("after"), signal.SIGSTOP)
    steady = running.pid("steady")
    running.process.terminate()
    time.sleep(1)
    assert processes.start_time(steady)
    os.kill(running.pid("after"), signal.SIGCONT)
    assert running.process.wait(20) == 0


def test_a_part_that_says_itself_when_it_is_ready_is_not_ready_before(running: RunningSupervisor) -> None:
    assert running.state("talking") is ServiceState.starting
    (running.paths.var / "awake").touch()
    wait_until(lambda: running.state("talking") is ServiceState.ready)
    os.kill(running.pid("talking"), signal.SIGKILL)
    wait_until(lambda: running.status_file.services["talking"].restarts == 1)
    wait_until(lambda: running.state("talking") is ServiceState.ready)


def test_who_uses_a_part_does_not_wait_for_it_but_ends_before_it(running: RunningSupervisor) -> None:
    assert running.state("using") is ServiceState.ready
    assert running.state("talking") is ServiceState.starting
    os.kill(running.pid("using"), signal.SIGSTOP)
    steady = running.pid("steady")
    running.process.terminate()
    wait_until(lambda: running.state("after") is ServiceState.stopped)
    assert processes.start_time(steady)
    os.kill(running.pid("using"), signal.SIGCONT)
    assert running.process.wait(20) == 0


def test_after_kill_9_of_the_supervisor_no_process_outlives_the_next_start(
    running: RunningSupervisor,
) -> None:
    willing, deaf = running.pid("steady"), running.pid("stubborn")
    running.process.kill()
    running.process.wait()
    wait_until(lambda: processes.start_time(willing) is None, 5)
    assert processes.start_time(deaf), "the deaf one ignores the kernel's signal too"
    again = start(running.paths)
    assert processes.start_time(deaf) is None
    assert again.pid("stubborn") != deaf
    again.process.terminate()
    again.process.wait(20)
    assert running.remaining_pids() == []


def test_a_pid_that_was_given_to_somebody_else_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        paths = Paths(ROOT, tmp_path / "var")
        status_file = StatusFile(paths.state)
        status_file.services["steady"] = ServiceStatus(pid=stranger.pid, since="another boot/1")
        assert orphans.stop_orphans(paths, status_file) == []
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
