"""Figures on the wire: one answer per question, of sections of rows.

One rule: every number carries how many it was counted from and what it was in the window before.
"""

import datetime as dt
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.values import InputModel, Line, Moment, Number, OutputModel


class MatterOut(StrEnum):
    waits = "waits"
    time = "time"
    spend = "spend"
    vendors = "vendors"
    competition = "competition"
    exceptions = "exceptions"


class FigureUnitOut(StrEnum):
    seconds = "seconds"
    money = "money"
    percent = "percent"
    number = "number"


FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 12, 31)


class AnalyticsQuery(InputModel):
    """Whole weeks, Monday to Sunday in the organisation's zone; ``working``: durations in working time."""

    weeks: Annotated[int, Field(ge=1, le=104, description="How many weeks")] = 13
    until: (
        Annotated[
            dt.date,
            Field(
                ge=FIRST_DAY,
                le=LAST_DAY,
                description=f"A day of the last week, {FIRST_DAY} to {LAST_DAY}; without it, the present week",
                examples=["2026-11-01"],
            ),
        ]
        | None
    ) = None
    working: Annotated[bool, Field(description="Durations without the days that are not worked")] = False


class FigureQuery(AnalyticsQuery):
    """One section of the answer to a question."""

    question: MatterOut = MatterOut.waits
    section: Annotated[Line, Field(max_length=40, examples=["stages"])] = "stages"


class BehindQuery(FigureQuery):
    """One row of a section, by its key."""

    key: Annotated[Line, Field(max_length=100, examples=["choosing"])] = "choosing"


class ForecastQuery(InputModel):
    number: Annotated[str, Field(max_length=40, description="Of the request", examples=["REQ-104"])] = ""


class FigureOut(OutputModel):
    """``value``: the middle of durations (P50), a sum, a share in percent or a count; null where there are too few.

    ``label`` of a month that the window cuts: its first and last day there, such as ``2026-09-14/2026-09-30``.
    ``low`` and ``high`` hold the true share in 95 of 100 cases. ``still_open`` are in that stage now and have no
    duration yet; ``oldest_s`` is how long the oldest of them has been there.
    """

    key: str
    label: str
    n: int
    value: Number | None
    previous_n: int
    previous: Number | None
    p85: Number | None
    p90: Number | None
    low: Number | None
    high: Number | None
    share: Number | None
    still_open: int | None
    oldest_s: int | None


class SectionOut(OutputModel):
    """``now``: as it is at this moment, whatever the window. A currency when the unit is money of one currency;
    without one each row's key is its currency.
    """

    name: str
    unit: FigureUnitOut
    currency: str | None
    now: bool
    rows: tuple[FigureOut, ...]


class AnalyticsOut(OutputModel):
    """The answer to a question; ``sentence`` says the finding in the reader's language.

    Amounts are converted at the rates by which their approvals were decided, from days between ``rates_from`` and
    ``rates_until``; ``unconverted`` orders have no rate and are in no sum. ``position``: of the last event measured.
    """

    question: MatterOut
    sentence: str
    weeks: int
    since: Moment
    until: Moment
    previous_since: Moment
    zone: str
    working: bool
    working_known: bool
    currency: str
    rates_from: dt.date | None
    rates_until: dt.date | None
    unconverted: int
    position: int
    made_at: Moment
    sections: tuple[SectionOut, ...]


class FactOut(OutputModel):
    request_id: UUID
    number: str
    label: str
    at: Moment
    value: Number | None


class FactsOut(OutputModel):
    """The purchases behind one figure, the latest first; 200 at most."""

    unit: FigureUnitOut
    currency: str | None
    more: bool
    rows: tuple[FactOut, ...]


class ForecastOut(OutputModel):
    """Until when 50 and 85 of 100 like it had left this stage; null where fewer than 5 and 20 were measured."""

    number: str
    request_id: UUID
    stage: str
    entered_at: Moment
    n: int
    by_50: Moment | None
    by_85: Moment | None
    sentence: str


class ForecastsOut(OutputModel):
    items: tuple[ForecastOut, ...]
