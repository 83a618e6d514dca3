"""The running processes of an installation, ended, killed, paused and waited for from outside.

    killed = services.end("api", "relay", number=signal.SIGKILL)
    services.are_back(killed)            each has a ready successor

One rule: only the supervisor's status file is read, and a process is signalled only by the pid written there.
"""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from stack.errors import StackError
from stack.paths import Paths
from stack.supervisor.service import ServiceState
from stack.supervisor.status_file import ServiceStatus, read_status

LOOK_SECONDS = 0.1
PidsBefore = Mapping[str, int]
"""The pids of services before they were ended."""


@dataclass(frozen=True)
class LiveServices:
    """The services of one installation, by its folders."""

    paths: Paths

    def rows(self) -> dict[str, ServiceStatus]:
        return read_status(self.paths.state).services

    def pid(self, name: str) -> int:
        return self.rows()[name].pid

    def processes_of(self, name: str) -> list[str]:
        """All that do the same work side by side: ``api``, ``api-2`` and so on."""
        return [each for each in self.rows() if each == name or each.startswith(f"{name}-")]

    def end(self, *names: str, number: signal.Signals = signal.SIGTERM) -> PidsBefore:
        """Signal these, all at once; the supervisor starts their successors. StackError when one was not running."""
        rows = self.rows()
        before = {name: rows[name].pid for name in names}
        gone = [name for name, pid in before.items() if not _send(pid, number)]
        if gone:
            raise StackError(f"{', '.join(gone)} cannot be ended: it is not running")
        return before

    def are_back(self, before: PidsBefore) -> bool:
        """Whether each that was ended has a successor that is ready."""
        rows = self.rows()
        return all(
            rows[name].pid not in (0, pid) and rows[name].state is ServiceState.ready
            for name, pid in before.items()
        )

    def send(self, name: str, number: signal.Signals) -> None:
        _send(self.pid(name), number)

    @contextmanager
    def paused(self, name: str) -> Iterator[None]:
        """The process does nothing meanwhile."""
        self.send(name, signal.SIGSTOP)
        try:
            yield
        finally:
            self.send(name, signal.SIGCONT)

    async def wait_until_back(self, before: PidsBefore, most_seconds: float = 120) -> None:
        await until(lambda: self.are_back(before), f"{', '.join(before)} to be back", most_seconds)


def _send(pid: int, number: signal.Signals) -> bool:
    """Whether there was a process to signal."""
    if not pid:
        return False
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


async def until(holds: Callable[[], bool | Awaitable[bool]], what: str, most_seconds: float = 60) -> float:
    """Wait for something; the seconds it took. StackError when the time is over."""
    began = time.monotonic()
    while True:
        found = holds()
        if found if isinstance(found, bool) else await found:
            return time.monotonic() - began
        if time.monotonic() - began > most_seconds:
            raise StackError(f"waited {most_seconds:.0f} s for {what}")
        await asyncio.sleep(LOOK_SECONDS)
