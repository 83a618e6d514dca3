"""Ends what a killed supervisor left running, before anything new is started.

One rule: it ends a process only by pid, and only with the recorded start time or our mark in its environment.
"""

import os
import signal
import time
from collections.abc import Mapping

from stack.paths import Paths
from stack.supervisor import processes
from stack.supervisor.status_file import StatusFile


def stop_orphans(paths: Paths, status_file: StatusFile) -> list[str]:
    """Stop every remaining process; returns the names of the services that were still running."""
    mark = str(paths.var)
    leaders = {
        name: status
        for name, status in status_file.services.items()
        if status.pid and processes.is_same(status.pid, status.since)
    }
    for status in leaders.values():
        processes.send_signal(status.pid, signal.Signals(status.stop_signal))
    _wait_then_kill({(status.pid, status.since): status.stop_timeout for status in leaders.values()})
    marked = {
        (pid, processes.start_time(pid) or ""): 5.0
        for pid in processes.all_marked(mark)
        if pid != os.getpid()
    }
    for pid, since in marked:
        if processes.is_same(pid, since):
            processes.send_signal(pid, signal.SIGTERM)
    _wait_then_kill(marked)
    paths.n8n_ready.unlink(missing_ok=True)
    return list(leaders)


def _wait_then_kill(timeouts: Mapping[tuple[int, str], float]) -> None:
    """Wait for each process for its allowed time, then kill it; wait a few more seconds for the kernel."""
    started = time.monotonic()
    while remaining := [one for one in timeouts if processes.is_same(*one)]:
        waited = time.monotonic() - started
        for pid, since in remaining:
            if waited > timeouts[pid, since]:
                processes.send_signal(pid, signal.SIGKILL)
        if waited > max(timeouts.values()) + 5:
            return
        time.sleep(0.05)
