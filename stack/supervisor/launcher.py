"""Starts child processes: each ends with its parent, and its own children are found by its process group.

One rule: no process that we start outlives us by accident.

The kernel sends the signal when the parent is gone, even after ``kill -9``; the next ``up`` finds the
remaining ones by pid and start time (stack/supervisor/orphans.py).
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def die_with_parent(signal_number: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """A function for ``preexec_fn``: the child gets this signal when the process that started it ends."""
    if not sys.platform.startswith("linux"):
        return _nothing
    library = ctypes.CDLL(None)  # loaded here: between fork and exec nothing may be imported
    parent = os.getpid()

    def before_exec() -> None:
        library.prctl(_PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
        if os.getppid() != parent:  # the parent ended between fork and prctl
            os._exit(1)

    return before_exec


def _nothing() -> None:
    return None


def signal_group(pid: int, signal_number: signal.Signals) -> bool:
    """Signal a child that leads its own group, and everything it started; False when no process is left."""
    try:
        os.killpg(pid, signal_number)
    except ProcessLookupError:
        return False
    return True


def group_exists(pid: int) -> bool:
    """Whether the group that this child led has any process left."""
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True
