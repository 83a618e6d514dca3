"""How a subscriber says that it could not: later, much later, or never."""

import datetime as dt
from dataclasses import dataclass


@dataclass(eq=False)
class DeliveryFailed(Exception):
    """This attempt failed; try again on the schedule, or after the pause that the receiver named."""

    why: str
    retry_after: float | None = None


@dataclass(eq=False)
class DeliveryPostponed(Exception):
    """It is not time, or nobody is there to take it; does not count as an attempt."""

    delay: dt.timedelta
    why: str


@dataclass(eq=False)
class DeliveryRejected(Exception):
    """The receiver does not want it, ever."""

    why: str
