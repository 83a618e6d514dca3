"""The comparison of quotes in one currency."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from core.clarifications.model import Discussion
from core.completions.model import IncompleteQuote
from core.insights.model import Score
from core.kernel.actions import Action
from core.kernel.doubts import Doubt
from core.kernel.ids import RequestId
from core.quotes.model import AttachedDocument, Quote
from core.rfqs.model import Rfq
from core.standings.model import BelowBound


@dataclass(frozen=True)
class ConvertedQuote:
    """A quote's total in the request's currency, with the rate that was used."""

    quote: Quote
    total: Decimal
    shipping: Decimal
    rate: Decimal


@dataclass(frozen=True)
class Surroundings:
    """What stands beside the prices: files, also the request's, questions, who entered a quote, what is missing."""

    documents: Mapping[UUID, tuple[AttachedDocument, ...]]
    discussion: Discussion
    names: Mapping[UUID, str]
    incomplete: tuple[IncompleteQuote, ...] = ()
    """Quotes that leave lines out; which ones is known while prices are sealed."""
    scores: Mapping[UUID, tuple[Score, ...]] = field(default_factory=dict)
    """By vendor, in all and at the cost centre; for those who may read scores."""
    warned: Mapping[UUID, BelowBound] = field(default_factory=dict)
    """The bound that a vendor's score is below, for the same readers."""


@dataclass(frozen=True)
class Comparison:
    """All quotes side by side in the request's currency; sealed while the RFQ is open."""

    request_id: RequestId
    request_number: str
    rfq: Rfq | None
    sealed: bool
    currency: str
    rate_day: dt.date | None
    quotes: tuple[ConvertedQuote, ...]
    best_total: Decimal | None
    best_prices: dict[UUID, Decimal]
    around: Surroundings
    doubts: Mapping[UUID, tuple[Doubt, ...]]
    """By quote: why the rule does not choose it."""
    arrivals: Mapping[UUID, dt.date]
    """By quote: the day when everything is there."""
    actions: tuple[Action, ...]
    """What the reader may do with the RFQ."""
    quote_actions: Mapping[UUID, tuple[Action, ...]]
    """What the reader may do with each quote."""
