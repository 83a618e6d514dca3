"""How a process tells others that it does its work: once at its start, and then again and again.

    tell_ready()     to whoever started it, by a line in a pipe
    Heartbeat        to whoever looks, by the time of a file: for processes that have no port to ask

One rule: nobody has to be listening or looking.
"""

import os
import time
from pathlib import Path

READY_VARIABLE = "PARLEY_READY_FD"
"""Names the file descriptor of a pipe; a line in it says that the process is ready."""
HEARTBEAT_VARIABLE = "PARLEY_HEARTBEAT_FILE"
"""Names the file that the process touches while it works; without it there is no heartbeat."""
BEAT_SECONDS = 5.0


def tell_ready() -> None:
    """Write the line, once."""
    descriptor = os.environ.pop(READY_VARIABLE, "")
    if descriptor.isdigit():
        with open(int(descriptor), "wb") as pipe:
            pipe.write(b"ready\n")


class Heartbeat:
    """Touches the file at most every five seconds, however often it beats."""

    def __init__(self) -> None:
        named = os.environ.get(HEARTBEAT_VARIABLE)
        self._file = Path(named) if named else None
        self._next = 0.0

    def beat(self) -> None:
        """Call it where the work is done, so that a process which hangs is seen to hang."""
        now = time.monotonic()
        if self._file is not None and now >= self._next:
            self._next = now + BEAT_SECONDS
            self._file.touch()
