"""The day on which something is needed: neither past nor years away.

One rule: what the requester calls today counts, wherever they are.
"""

import datetime as dt

from core.kernel.errors import Invalid, invalid

MAX_DAYS_AHEAD = dt.timedelta(days=3 * 366)
ZONE_TOLERANCE = dt.timedelta(days=1)
"""Today in UTC may still be yesterday where the requester is."""


def check_needed_by(day: dt.date | None, today: dt.date) -> None:
    """Refuse a day that is missing, past or years away."""
    if day is None:
        raise _wrong_day("needed_by.missing", "say when it is needed", today)
    if day < today - ZONE_TOLERANCE:
        raise _wrong_day("needed_by.past", f"{day} is past", today)
    if day > today + MAX_DAYS_AHEAD:
        raise _wrong_day("needed_by.far", f"{day} is more than three years away", today)


def _wrong_day(code: str, message: str, today: dt.date) -> Invalid:
    return invalid("/needed_by", code, message, (today + dt.timedelta(days=14)).isoformat())
