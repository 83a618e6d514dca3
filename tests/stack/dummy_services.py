"""A supervisor over small real programs, in a process of its own: ``python -m tests.stack.dummies VAR``.

steady     runs until it is told to stop
clumsy     exits with code 3 until the file ``mended`` is there
stubborn   ignores SIGTERM; has a child of its own
after      starts when steady is up
talking    says itself that it is ready, once the file ``awake`` is there
using      calls steady and waits for nobody
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from stack.paths import Paths
from stack.supervisor import orphans, processes, readiness
from stack.supervisor.service import LaunchCommand, Service
from stack.supervisor.status_file import StatusFile, read_status
from stack.supervisor.supervisor import Supervisor

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

TALKING = """
import pathlib, time
from api.ready import tell_ready
while not pathlib.Path({file!r}).exists():
    time.sleep(0.02)
tell_ready()
time.sleep(600)
"""


def dummy_table(paths: Paths) -> list[Service]:
    """The dummies; each prints or fails as its name says."""
    env = {"PATH": os.environ["PATH"], processes.MARK: str(paths.var)}

    def program(code: str) -> LaunchCommand:
        return LaunchCommand((sys.executable, "-u", "-c", code), env)

    clumsy = CLUMSY.format(file=str(paths.var / "mended"))
    return [
        Service(name="steady", launch=lambda: program(STEADY), ready=readiness.log_contains("steady runs")),
        Service(
            name="clumsy", launch=lambda: program(clumsy), ready=readiness.stays_alive(0.5), required=False
        ),
        Service(
            name="stubborn",
            launch=lambda: program(STUBBORN),
            ready=readiness.log_contains("deaf"),
            stop_timeout=1.5,
        ),
        Service(name="after", launch=lambda: program(STEADY), after=("steady",)),
        Service(
            name="talking",
            launch=lambda: program(TALKING.format(file=str(paths.var / "awake"))),
            ready=readiness.says_ready,
            required=False,
        ),
        Service(name="using", launch=lambda: program(STEADY), uses=("talking", "steady")),
    ]


async def run(paths: Paths) -> None:
    """Supervise the dummies until SIGTERM."""
    status_file = StatusFile(paths.state, os.getpid(), processes.start_time(os.getpid()) or "")
    orphans.stop_orphans(paths, read_status(paths.state))
    services = dummy_table(paths)
    status_file.show_waiting(services)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await Supervisor(services, status_file, paths.logs).run(stop)
    status_file.pid = 0
    status_file.write()


if __name__ == "__main__":
    made = Paths(Path.cwd(), Path(sys.argv[1]))
    made.make()
    asyncio.run(run(made))
