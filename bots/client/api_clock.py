"""The API's clock, for processes that have no database: whatever this machine's clock shows, people are in time or late
by the API's.
"""

import datetime as dt
import time
from email.utils import parsedate_to_datetime

HEARD_EVERY_SECONDS = 60.0


class ApiClock:
    """The ``Date`` of an answer, carried on by the seconds since; this machine's clock before the first one.

    A ``Date`` has whole seconds and is made once a second, so it is up to two seconds late.
    """

    def __init__(self) -> None:
        self._heard: tuple[dt.datetime, float] | None = None

    def now(self) -> dt.datetime:
        if self._heard is None:
            return dt.datetime.fromtimestamp(time.time(), dt.UTC)
        shown, at = self._heard
        return shown + dt.timedelta(seconds=time.monotonic() - at)

    def heard(self, date: str | None) -> None:
        """An answer came with this ``Date``; one that is no date says nothing."""
        fresh = self._heard is not None and time.monotonic() - self._heard[1] < HEARD_EVERY_SECONDS
        if date is None or fresh:
            return
        try:
            self._heard = (parsedate_to_datetime(date).astimezone(dt.UTC), time.monotonic())
        except ValueError:
            return
