"""The supervisor's process: takes the lock, cleans what a crash left, makes the plan, runs the table.

One rule: one supervisor per installation, held by a lock that the kernel frees when it dies, however it dies.
"""

import asyncio
import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from stack import board as boards
from stack import leftovers, parts, plan, process
from stack.board import Board
from stack.part import Part
from stack.paths import Paths
from stack.plan import Options
from stack.problem import StackProblem
from stack.supervisor import Supervisor


def supervise(paths: Paths, options: Options) -> int:
    """Run until SIGTERM or SIGINT."""
    paths.make()
    with locked(paths) as mine:
        if not mine:
            print("Parley is already running here")
            return 0
        old = boards.read(paths.state)
        board = Board(paths.state, os.getpid(), process.started(os.getpid()) or "")
        try:
            for name in leftovers.clean(paths, old):
                print(f"stopped {name}, which an earlier run had left")
            table = _table(paths, options, board)
        except StackProblem as problem:
            board.problem, board.pid = str(problem), 0
            board.write()
            return 1
        asyncio.run(_run(Supervisor(table, board, paths.logs)))
        board.pid = 0
        board.write()
    return 0


def _table(paths: Paths, options: Options, board: Board) -> list[Part]:
    made = plan.make(paths, options)
    table = parts.table(made)
    board.facts = made.facts()
    board.open(table)
    return table


async def _run(supervisor: Supervisor) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sent in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sent, stop.set)
    await supervisor.run(stop)


@contextmanager
def locked(paths: Paths) -> Iterator[bool]:
    """Hold the installation's lock; False when another supervisor has it."""
    paths.run.mkdir(parents=True, exist_ok=True, mode=0o700)
    with paths.lock.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
