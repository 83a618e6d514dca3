"""How far a restore moves what must not be given out twice: numbers, and the epochs that tokens carry.

One rule: it is decided by what may have happened after the backup, not by what is known of it.
"""

import datetime as dt

LEAST_SKIPPED = 1_000
"""Numbers of each kind; a company that gives out more between two backups makes them more often."""
_FIRST_EPOCH = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def first_number_after(last: int, lost_events: int) -> int:
    """The number to go on with: 1 above a round thousand.

    Each number that was given out left an event, so at most ``lost_events`` are known to be gone, and as many as
    ``LEAST_SKIPPED`` may be beyond the last checkpoint.
    """
    return -(-(last + lost_events + LEAST_SKIPPED) // 1_000) * 1_000 + 1


def epoch_at(now: dt.datetime) -> int:
    """The least epoch of everybody after a restore: seconds since 2020, so that no token of any earlier time fits.

    A person's epoch grows by one with each change of their rights, and nobody has one a second.
    """
    return int((now - _FIRST_EPOCH).total_seconds())
