"""The exceptions by which a subscriber ends a delivery that did not succeed."""

import datetime as dt
from dataclasses import dataclass

LOCKED_SECONDS = 0.5
"""When to look again at what another worker has locked: that one may draw an older state, or lose its lease."""


@dataclass(eq=False)
class DeliveryFailed(Exception):
    """This attempt failed; retry on the schedule, or after ``retry_after`` seconds if the receiver named a pause."""

    why: str
    retry_after: float | None = None


@dataclass(eq=False)
class DeliveryPostponed(Exception):
    """It is too early, or the receiver is not ready; does not count as an attempt."""

    delay: dt.timedelta
    why: str


@dataclass(eq=False)
class DeliveryRejected(Exception):
    """The receiver refuses for good; the delivery is parked."""

    why: str
