"""Ends what a killed supervisor left running, before anything new is started.

One rule: by pid and only what is surely ours: the start time that was written down, or our mark in the
process's environment.
"""

import os
import signal
import time
from collections.abc import Mapping

from stack import process
from stack.board import Board
from stack.paths import Paths


def clean(paths: Paths, board: Board) -> list[str]:
    """Stop every process that is left; the names of the parts that were still running."""
    mark = str(paths.var)
    leaders = {name: row for name, row in board.parts.items() if row.pid and process.same(row.pid, row.since)}
    for row in leaders.values():
        process.send(row.pid, signal.Signals(row.stop))
    _end({(row.pid, row.since): row.patience for row in leaders.values()})
    strays = {
        (pid, process.started(pid) or ""): 5.0 for pid in process.all_marked(mark) if pid != os.getpid()
    }
    for pid, since in strays:
        if process.same(pid, since):
            process.send(pid, signal.SIGTERM)
    _end(strays)
    paths.n8n_ready.unlink(missing_ok=True)
    return list(leaders)


def _end(patience: Mapping[tuple[int, str], float]) -> None:
    """Wait for each process as long as it may take, then kill it; a few seconds more for the kernel."""
    started = time.monotonic()
    while left := [one for one in patience if process.same(*one)]:
        waited = time.monotonic() - started
        for pid, since in left:
            if waited > patience[pid, since]:
                process.send(pid, signal.SIGKILL)
        if waited > max(patience.values()) + 5:
            return
        time.sleep(0.05)
