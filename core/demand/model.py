"""Items, their demand by month, and what can be said of the months to come."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from core.insights.model import Score


class Ahead(StrEnum):
    """How far ahead a range looks."""

    month = "month"
    quarter = "quarter"


REORDER = "reorder"
"""The part of a score that says how many must be left when the next are ordered."""
VERSION = "demand-1"
"""Of the method; scores of another are worked out anew."""
ITEM, CATEGORY = "item", "category"
"""What a score can be about."""
LEAD_ORDERS = 5
"""From fewer orders a vendor's time says nothing."""
PROOF, SILENT, LAST_YEAR, LEAD, INPUTS, ITEMS = "held_out", "silent", "last_year", "lead", "inputs", "items"
"""The codes of a score's reasons."""


class Silence(StrEnum):
    """Why nothing is said."""

    young = "young"
    """The history has fewer than 9 whole months."""
    few = "few"
    """Fewer than 8 months with demand: only the category is forecast."""
    asleep = "asleep"
    """No demand for 12 months."""
    no_better = "no_better"
    """On held-out months the range was no better than the last month or quarter again."""


@dataclass(frozen=True)
class MonthDemand:
    """What was needed of an item in a month."""

    item: str
    month: dt.date
    quantity: Decimal


@dataclass(frozen=True)
class QuantityRange:
    """In 1, 5 and 9 of 10 cases no more is needed than this."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class HeldOut:
    """Forecasts of months that had not happened: their loss, that of repeating the last period, and how often the high
    end was enough."""

    ours: float
    last: float
    within: int
    origins: int

    @property
    def beats(self) -> bool:
        return self.origins >= 2 and self.ours < self.last


@dataclass(frozen=True)
class Outlook:
    """What can be said of an item or a category; ``reorder``: order when so many are left."""

    name: str
    active_months: int
    active_last_year: int
    last_year: float
    why_silent: Silence | None
    ranges: Mapping[Ahead, QuantityRange] = field(default_factory=dict)
    held_out: Mapping[Ahead, HeldOut] = field(default_factory=dict)
    reorder: float | None = None


@dataclass(frozen=True)
class DemandItem:
    """One thing that is asked for again and again, however it is written: texts of one unit that are alike."""

    id: UUID
    name: str
    unit: str
    category: str | None
    price: Decimal | None
    """What one cost last, in the organisation's currency."""


@dataclass(frozen=True)
class BoughtFrom:
    """From whom an item is usually bought: the vendor's category, its median time over so many orders, the last
    price in the organisation's currency."""

    category: str | None
    vendor: str | None
    lead_days: float | None
    lead_orders: int
    price: float | None

    @property
    def known_lead(self) -> float | None:
        return self.lead_days if self.lead_orders >= LEAD_ORDERS else None


@dataclass(frozen=True)
class DemandInputs:
    """All that a run works with: demand of the months before that of ``until``, and from whom items are bought.

    ``before``: by kind and id, from what the scores in force were worked out.
    """

    until: dt.date
    currency: str
    demand: Sequence[MonthDemand]
    facts: Mapping[str, BoughtFrom]
    before: Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class DemandFilter:
    """``text`` is looked for in the items' names."""

    text: str = ""
    category: str = ""


@dataclass(frozen=True)
class KnownDemand:
    """The scores in force of an item or a category, by their part; of a category without an item."""

    name: str
    scores: Mapping[str, Score]
    item: DemandItem | None = None

    def score(self, ahead: Ahead) -> Score:
        return self.scores[ahead.value]


@dataclass(frozen=True)
class DemandPage:
    """``forecast_at``: when the newest run ended, None before the first; ``stale``: more than two days ago."""

    items: tuple[KnownDemand, ...]
    categories: tuple[KnownDemand, ...]
    more: bool
    forecast_at: dt.datetime | None
    stale: bool


@dataclass(frozen=True)
class DemandDraft:
    """What a request for the next quarter would say; the day by which the vendor can deliver, if that is known."""

    quantity: Decimal
    needed_by: dt.date | None
    price: Decimal | None
    currency: str


@dataclass(frozen=True)
class DemandDetails:
    """An item with its texts and months; the last month ended before today."""

    known: KnownDemand
    texts: tuple[str, ...]
    months: tuple[tuple[dt.date, Decimal], ...]
    draft: DemandDraft | None
    forecast_at: dt.datetime
    stale: bool


@dataclass(frozen=True)
class WantedNeeds:
    """The lines behind an item's months from the first to the last."""

    item_id: UUID
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class NeedRow:
    """One line that was needed."""

    request_id: UUID
    number: str
    description: str
    quantity: Decimal
    needed_by: dt.date


@dataclass(frozen=True)
class NeedRows:
    item: DemandItem
    rows: tuple[NeedRow, ...]
    more: bool
