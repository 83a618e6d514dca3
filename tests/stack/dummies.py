"""A supervisor over small real programs, in a process of its own: ``python -m tests.stack.dummies VAR``.

steady     runs until it is told to stop
clumsy     exits with code 3 until the file ``mended`` is there
stubborn   ignores SIGTERM; has a child of its own
after      starts when steady is up
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from stack import board as boards
from stack import checks, leftovers, process
from stack.board import Board
from stack.part import Launch, Part
from stack.paths import Paths
from stack.supervisor import Supervisor

STEADY = "import time; print('steady runs', flush=True); time.sleep(600)"
CLUMSY = (
    "import pathlib, sys, time; pathlib.Path({file!r}).exists() or sys.exit('not mended'); time.sleep(600)"
)
STUBBORN = """
import signal, subprocess, sys, time
subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('deaf', flush=True)
time.sleep(600)
"""


def table(paths: Paths) -> list[Part]:
    """The dummies; each prints or fails as its name says."""
    env = {"PATH": os.environ["PATH"], process.MARK: str(paths.var)}

    def program(code: str) -> Launch:
        return Launch((sys.executable, "-u", "-c", code), env)

    clumsy = CLUMSY.format(file=str(paths.var / "mended"))
    return [
        Part(name="steady", launch=lambda: program(STEADY), ready=checks.says("steady runs")),
        Part(name="clumsy", launch=lambda: program(clumsy), ready=checks.lives(0.5), required=False),
        Part(name="stubborn", launch=lambda: program(STUBBORN), ready=checks.says("deaf"), patience=1.5),
        Part(name="after", launch=lambda: program(STEADY), after=("steady",)),
    ]


async def run(paths: Paths) -> None:
    """Supervise the dummies until SIGTERM."""
    board = Board(paths.state, os.getpid(), process.started(os.getpid()) or "")
    leftovers.clean(paths, boards.read(paths.state))
    parts = table(paths)
    board.open(parts)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await Supervisor(parts, board, paths.logs).run(stop)
    board.pid = 0
    board.write()


if __name__ == "__main__":
    made = Paths(Path.cwd(), Path(sys.argv[1]))
    made.make()
    asyncio.run(run(made))
