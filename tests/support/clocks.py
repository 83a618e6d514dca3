"""Clocks for tests that are not at a moment of their own, as ``FixedClock`` is, but some time away from the present."""

import datetime as dt

from core.kernel.clock import SystemClock


class OffsetClock:
    """PostgreSQL's clock and this machine's, as if so much time had passed."""

    def __init__(self, by: dt.timedelta) -> None:
        self.by = by

    def now(self) -> dt.datetime:
        return SystemClock().now() + self.by

    def heard(self, shown: dt.datetime) -> dt.datetime:
        return shown + self.by
