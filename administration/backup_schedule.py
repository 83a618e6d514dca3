"""A backup every so often, where no cron is: in a container of its own.

One rule: the next one is due by the newest that there is, so that a restart makes none too many and leaves none out.
"""

import datetime as dt
import signal
import sys
import threading
from collections.abc import Callable

from administration.errors import CommandError
from backup.errors import BackupError
from backup.repository import BackupRepository
from core.kernel.clock import SystemClock

RETRY_SECONDS = 600.0
"""After one that failed; what it said is in the log, and the alert fires when none succeeds for a day."""


def back_up_every(interval: dt.timedelta, repository: BackupRepository, once: Callable[[], object]) -> int:
    """Until SIGTERM or SIGINT; one that is being made then is finished."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    pause = 0.0
    while not stop.wait(pause):
        try:
            if not _seconds_until_due(repository, interval):
                once()
            pause = _seconds_until_due(repository, interval)
        except (BackupError, CommandError, OSError) as error:
            print(f"parley: {error}", file=sys.stderr)
            pause = min(RETRY_SECONDS, interval.total_seconds())
    return 0


def _seconds_until_due(repository: BackupRepository, interval: dt.timedelta) -> float:
    found = repository.all()
    if not found:
        return 0.0
    return max(0.0, (found[-1].made_at + interval - SystemClock().now()).total_seconds())
