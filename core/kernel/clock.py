"""The clock: the source of time, so that tests and the demo's history can set it.

One rule: what is decided by time goes by PostgreSQL's clock, because every process may have a wrong one of its own.
"""

import datetime as dt
import time
from typing import Protocol

NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
"""Before anything happened."""


class Clock(Protocol):
    def now(self) -> dt.datetime:
        """The present moment, with zone UTC."""
        ...

    def heard(self, shown: dt.datetime) -> dt.datetime:
        """The present moment, when PostgreSQL's clock has just shown this."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)  # noqa: TID251 the only place that may read the machine's clock

    def heard(self, shown: dt.datetime) -> dt.datetime:
        return self.now()


class DatabaseClock:
    """PostgreSQL's clock as it was last heard, carried on by the seconds that have passed in this process since.

    Late by the time that the answer took; the machine's clock until it is heard for the first time.
    """

    HEARD_EVERY_SECONDS = 60
    """Two clocks drift apart by less than a millisecond meanwhile."""

    def __init__(self) -> None:
        self._heard: tuple[dt.datetime, float] | None = None

    @property
    def is_due(self) -> bool:
        """Whether it is to be read again."""
        return self._heard is None or time.monotonic() - self._heard[1] >= self.HEARD_EVERY_SECONDS

    def now(self) -> dt.datetime:
        if self._heard is None:
            return SystemClock().now()
        shown, at = self._heard
        return shown + dt.timedelta(seconds=time.monotonic() - at)

    def heard(self, shown: dt.datetime) -> dt.datetime:
        self._heard = (shown, time.monotonic())
        return shown


class FixedClock:
    """A clock that stands still until it is moved; the tests and the demo's twelve months use it."""

    def __init__(self, at: dt.datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock needs a time with a zone, such as 2026-11-23T09:00:00+00:00")
        self.at = at

    def now(self) -> dt.datetime:
        return self.at

    def heard(self, shown: dt.datetime) -> dt.datetime:
        return self.at

    def advance(self, by: dt.timedelta) -> None:
        self.at += by
