"""The supervisor's process: takes the lock, ends orphans, creates the installation, runs the table.

One rule: one supervisor per installation, held by a lock that the kernel releases however the process ends.
"""

import asyncio
import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from stack import installation
from stack.errors import StackError
from stack.options import Options
from stack.paths import Paths
from stack.ports import PortClaims
from stack.services import redis, service_table
from stack.supervisor import orphans, processes
from stack.supervisor.service import Service
from stack.supervisor.status_file import StatusFile, read_status
from stack.supervisor.supervisor import Supervisor


def supervise(paths: Paths, options: Options) -> int:
    """Run until SIGTERM or SIGINT."""
    paths.make()
    with hold_lock(paths) as acquired, PortClaims() as claims:
        if not acquired:
            print("Parley is already running here")
            return 0
        previous = read_status(paths.state)
        status_file = StatusFile(paths.state, os.getpid(), processes.start_time(os.getpid()) or "")
        try:
            for name in orphans.stop_orphans(paths, previous):
                print(f"stopped {name}, left over from an earlier run")
            table = _table(paths, options, status_file, claims)
        except StackError as error:
            status_file.error, status_file.pid = str(error), 0
            status_file.write()
            return 1
        asyncio.run(_run(Supervisor(table, status_file, paths.logs)))
        status_file.pid = 0
        status_file.write()
    return 0


def _table(paths: Paths, options: Options, status_file: StatusFile, claims: PortClaims) -> list[Service]:
    created = installation.create(paths, options, claims)
    if created.uses_own_redis:
        asyncio.run(redis.check_answers(created.redis_url))
    table = service_table.all_services(created)
    status_file.facts = created.public_facts()
    status_file.show_waiting(table)
    return table


async def _run(supervisor: Supervisor) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop.set)
    await supervisor.run(stop)


@contextmanager
def hold_lock(paths: Paths) -> Iterator[bool]:
    """Hold the installation's lock; False when another supervisor has it."""
    paths.run.mkdir(parents=True, exist_ok=True, mode=0o700)
    with paths.lock.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
