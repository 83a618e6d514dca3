"""Ends what a killed supervisor left running, before anything new is started.

One rule: by pid and only what is surely ours: the start time that was written down, or our mark in the
process's environment.
"""

import os
import signal
import time
from collections.abc import Iterable

from stack import process
from stack.board import Board
from stack.paths import Paths

_PATIENCE = 25.0


def clean(paths: Paths, board: Board) -> list[str]:
    """Stop every process that is left; the names of the parts that were still running."""
    mark = str(paths.var)
    leaders = {
        row.pid: (name, row.since, signal.Signals(row.stop))
        for name, row in board.parts.items()
        if row.pid and process.same(row.pid, row.since)
    }
    for pid, (_, _, stop) in leaders.items():
        process.send(pid, stop)
    others = {pid: process.started(pid) or "" for pid in process.all_marked(mark) if pid not in leaders}
    others.pop(os.getpid(), None)
    known = {pid: since for pid, (_, since, _) in leaders.items()}
    _wait(known, _PATIENCE)
    for pid in others:
        if process.same(pid, others[pid]):
            process.send(pid, signal.SIGTERM)
    _wait(others, 5)
    for pid, since in (known | others).items():
        if process.same(pid, since):
            process.send(pid, signal.SIGKILL)
    _wait(known | others, 5)
    paths.n8n_ready.unlink(missing_ok=True)
    return [name for name, _, _ in leaders.values()]


def _wait(processes: dict[int, str], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while _any_left(processes.items()) and time.monotonic() < deadline:
        time.sleep(0.1)


def _any_left(processes: Iterable[tuple[int, str]]) -> bool:
    return any(process.same(pid, since) for pid, since in processes)
