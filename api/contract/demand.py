"""Demand on the wire: what the next month and quarter may need, of an item and of a category.

One rule: no range without how many months it was counted from, which window, and how it did on months not seen before.
"""

import datetime as dt
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.values import Currency, InputModel, Moment, Number, OutputModel, SearchText, Shown

FIRST_MONTH, LAST_MONTH = dt.date(2000, 1, 1), dt.date(2100, 1, 1)


class SilenceOut(StrEnum):
    """Why nothing is said: short history, few months with demand, none for a year, no better than last time."""

    young = "young"
    few = "few"
    asleep = "asleep"
    no_better = "no_better"


class DemandQuery(InputModel):
    q: SearchText | None = None
    category: Annotated[str, Field(max_length=40, description="Of the vendors it is bought from")] = ""


class NeedsQuery(InputModel):
    """Whole months, from the first to the last."""

    first: Annotated[dt.date, Field(ge=FIRST_MONTH, le=LAST_MONTH, examples=["2026-01-01"])] = FIRST_MONTH
    last: Annotated[dt.date, Field(ge=FIRST_MONTH, le=LAST_MONTH, examples=["2026-06-01"])] = LAST_MONTH


class QuantityRangeOut(OutputModel):
    """In 1, 5 and 9 of 10 cases no more is needed; ``within`` of ``origins`` held-out forecasts the high end was
    enough."""

    low: Number
    middle: Number
    high: Number
    within: int
    origins: int


class ReorderOut(OutputModel):
    """Order when so many are left: what 9 of 10 times is needed while the vendor delivers.

    ``days`` is the median of the vendor's last ``n`` orders.
    """

    left: Number
    vendor: str
    days: Number
    n: int


class OutlookOut(OutputModel):
    """``n`` months with demand; ``window_from`` and ``window_to`` are the months that the ranges are drawn from.

    ``last_year`` was needed in ``active_months`` of the last 12.
    """

    name: str
    n: int
    window_from: dt.date
    window_to: dt.date
    last_year: Number
    active_months: int
    month: QuantityRangeOut | None
    quarter: QuantityRangeOut | None
    silent: SilenceOut | None
    run_id: UUID
    sentence: str


class DemandItemOut(OutlookOut):
    id: UUID
    unit: str
    category: str | None
    reorder: ReorderOut | None


class DemandCategoryOut(OutlookOut):
    """In money at the last prices: ``items`` are in it, ``left_out`` have no price yet."""

    currency: Currency
    items: int
    left_out: int


class DemandOut(OutputModel):
    """Items by how many months had demand, 100 at most; ``stale`` when the last forecast is over two days old."""

    items: tuple[DemandItemOut, ...]
    categories: tuple[DemandCategoryOut, ...]
    more: bool
    forecast_at: Moment | None
    stale: bool


class DemandMonthOut(OutputModel):
    month: dt.date
    quantity: Shown


class DemandDraftOut(OutputModel):
    """What a request for the next quarter would say; nothing asks for it by itself."""

    quantity: Shown
    needed_by: dt.date | None
    price: Shown | None
    currency: Currency


class DemandDetailsOut(OutputModel):
    item: DemandItemOut
    texts: tuple[str, ...]
    months: tuple[DemandMonthOut, ...]
    draft: DemandDraftOut | None
    forecast_at: Moment
    stale: bool


class NeedOut(OutputModel):
    request_id: UUID
    number: str
    description: str
    quantity: Shown
    needed_by: dt.date


class NeedsOut(OutputModel):
    """The lines behind an item's months, the latest first; 200 at most."""

    item_id: UUID
    name: str
    unit: str
    more: bool
    rows: tuple[NeedOut, ...]
