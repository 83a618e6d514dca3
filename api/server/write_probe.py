"""When readiness tries to write: often enough that a full disk is told soon, and not whenever somebody asks.

One rule: a try that failed is repeated at every look, and for a minute after the last failure nothing is taken for
granted: a disk that is full lets small writes through now and then.

Anybody may ask, and each try is a commit that waits for the disk.
"""

import math
import time
from collections.abc import Callable

TRY_SECONDS = 10.0
UNSURE_SECONDS = 60.0


class WriteProbe:
    """What one process knows of the last tries."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrote_at = self._failed_at = -math.inf

    @property
    def is_due(self) -> bool:
        """Whether this look has to write, too."""
        now = self._clock()
        return now >= self._wrote_at + TRY_SECONDS or now < self._failed_at + UNSURE_SECONDS

    def wrote(self) -> None:
        """A write was committed."""
        self._wrote_at = self._clock()

    def failed(self) -> None:
        """Something could not be written, or nothing could be asked."""
        self._failed_at = self._clock()
