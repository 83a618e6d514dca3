"""Stored exchange rates as administrators read them."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class StoredRate:
    """What one unit of a currency was worth in the base currency on a day, and where that came from."""

    currency: str
    day: dt.date
    rate: Decimal
    source: str


@dataclass(frozen=True)
class RateFilter:
    """Both days count; the list is short enough to be turned by numbers."""

    currency: str | None
    since: dt.date | None
    until: dt.date | None
    limit: int
    offset: int = 0
