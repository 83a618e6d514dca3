"""Figures as the slice's functions pass them around: one report per question, of sections of rows.

One rule: a number never stands without how many it was counted from and what it was in the window before.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Matter(StrEnum):
    waits = "waits"
    time = "time"
    spend = "spend"
    vendors = "vendors"
    competition = "competition"
    exceptions = "exceptions"


class FigureUnit(StrEnum):
    seconds = "seconds"
    money = "money"
    percent = "percent"
    number = "number"


class Kind(StrEnum):
    """How the facts of a row become its value."""

    middle = "middle"
    """The one in the middle, P50, with P85 and P90 beside it."""
    sum = "sum"
    share = "share"
    """The mean of values between 0 and 1, in percent."""
    number = "number"


@dataclass(frozen=True)
class Window:
    """Whole weeks where the organisation is; ``before`` is where the window of the same length before it begins."""

    before: dt.datetime
    since: dt.datetime
    until: dt.datetime
    zone: str


@dataclass(frozen=True)
class Wanted:
    """``weeks`` until the end of the week of ``until``, the present one without a day; ``working``: working time."""

    question: Matter
    weeks: int = 13
    until: dt.date | None = None
    working: bool = False


@dataclass(frozen=True)
class FigureRow:
    """One thing that is compared with others; ``key`` opens what it was counted from.

    ``low`` and ``high`` hold the true share in 95 of 100 cases. Percentiles are None where there are too few.
    """

    key: str
    label: str
    n: int
    value: Decimal | None
    previous_n: int
    previous: Decimal | None
    p85: Decimal | None = None
    p90: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    share: Decimal | None = None
    still_open: int | None = None
    oldest_s: int | None = None


@dataclass(frozen=True)
class FigureSection:
    """Rows of one unit; ``now``: it shows the present moment, whatever the window."""

    name: str
    unit: FigureUnit
    currency: str | None
    rows: tuple[FigureRow, ...]
    now: bool = False


@dataclass(frozen=True)
class KeyFinding:
    """What the figures say, as a key of the texts and its facts."""

    key: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """The answer to one question. ``unconverted`` orders have no rate and are in no sum."""

    question: Matter
    window: Window
    weeks: int
    working: bool
    working_known: bool
    currency: str
    rate_days: tuple[dt.date, dt.date] | None
    unconverted: int
    position: int
    sections: tuple[FigureSection, ...]
    finding: KeyFinding
    made_at: dt.datetime


@dataclass(frozen=True)
class WantedRows:
    """The rows behind one figure."""

    wanted: Wanted
    section: str
    key: str


@dataclass(frozen=True)
class FactRow:
    """One purchase behind a figure; ``value`` is in the section's unit."""

    request_id: UUID
    number: str
    label: str
    at: dt.datetime
    value: Decimal | None


@dataclass(frozen=True)
class FactRows:
    unit: FigureUnit
    currency: str | None
    rows: tuple[FactRow, ...]
    more: bool


@dataclass(frozen=True)
class WantedForecast:
    number: str


@dataclass(frozen=True)
class Forecast:
    """Until when this purchase leaves its stage, in so many of 100 like it; None where too few were measured."""

    number: str
    request_id: UUID
    stage: str
    entered_at: dt.datetime
    n: int
    by_50: dt.datetime | None
    by_85: dt.datetime | None


@dataclass(frozen=True)
class MonthsSpent:
    """This month so far, and the whole of the one before."""

    this_month: Decimal
    last_month: Decimal
    orders: int
    """How many of them this month; one without a rate is neither here nor in a sum."""
    currency: str
