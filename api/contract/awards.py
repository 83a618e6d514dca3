"""Closing an RFQ, proposing a quote or several, and the comparison, on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.actions import Actionable
from api.contract.clarifications import RfqQuestionOut
from api.contract.quotes import AlternativeOut, DocumentOut
from api.contract.rfqs import RfqLineOut
from api.contract.values import (
    MAX_LINES,
    Day,
    Flag,
    InputModel,
    Moment,
    Number,
    OutputModel,
    Reason,
    Shown,
    Version,
)
from api.contract.vendor_scores import VendorScoreOut
from core.kernel.doubts import Doubt as Doubt
from core.orders.states import OrderState
from core.quotes.states import QuoteState
from core.rfqs.states import RfqState


class CloseIn(InputModel):
    expected_version: Version | None = None


class ProposeIn(InputModel):
    quote_id: UUID
    reason: Reason
    expected_version: Version | None = None


class AwardedLineIn(InputModel):
    """``alternative``: what the quote offers in the line's place is ordered, not what was asked for."""

    rfq_line_id: UUID
    quote_id: UUID
    alternative: Flag = False


class SplitIn(InputModel):
    """Every line of the RFQ once: with the quote that gets it, or in ``left_out``, and then it is not ordered."""

    lines: Annotated[tuple[AwardedLineIn, ...], Field(min_length=1, max_length=MAX_LINES)]
    left_out: Annotated[tuple[UUID, ...], Field(max_length=MAX_LINES)] = ()
    reason: Reason
    expected_version: Version | None = None


class ShareOut(OutputModel):
    """What one vendor gets: ``total`` in the vendor's currency with the whole shipping, converted in the request's.

    ``alternatives``: those of the lines in whose place something else is ordered.
    """

    quote_id: UUID
    vendor_id: UUID
    vendor_name: str
    lines: tuple[UUID, ...]
    alternatives: tuple[UUID, ...] = ()
    currency: str
    shipping: Shown
    total: Shown
    total_converted: Shown
    order_number: str | None = None
    order_state: OrderState | None = None
    stopped: bool = False
    """It was ordered and is not any more: these lines are not bought, while the other orders go on."""


class SplitAwardOut(OutputModel):
    """The split award that is proposed or ordered."""

    id: UUID
    reason: str
    proposed_by_name: str
    currency: str
    total: Shown
    shares: tuple[ShareOut, ...]
    left_out: tuple[UUID, ...]


class CheapestSplitOut(OutputModel):
    """Each line where it is cheapest; both totals with all shipping, in the request's currency."""

    shares: tuple[ShareOut, ...]
    total: Shown
    best_single: Shown | None


class AskToCompleteIn(InputModel):
    """``expected_version``: the RFQ's."""

    expected_version: Version | None = None


class ComparedLine(OutputModel):
    rfq_line_id: UUID
    unit_price: Shown | None
    lead_time_days: int | None
    no_bid: bool
    best: bool
    alternative: AlternativeOut | None = None
    """What the vendor would supply instead, its price converted too; in no total and never the best."""


class ComparedQuote(Actionable):
    """One vendor's column: prices in the request's currency, converted at the given rate."""

    quote_id: UUID
    vendor_id: UUID
    vendor_name: str
    state: QuoteState
    complete: bool
    currency: str
    rate: Number
    total: Shown
    total_converted: Shown
    shipping_converted: Shown
    gap_to_best_percent: Number | None
    lead_time_days: int
    arrives_on: Day
    """When everything is there, if it is ordered on the day that the RFQ closed."""
    doubts: tuple[Doubt, ...]
    """Why the rule does not choose it, so that whoever proposes it says why."""
    valid_until: Day
    note: str
    entered_by_name: str | None = None
    """The officer who entered it for the vendor, and knew its price while others did not."""
    outdated: bool = False
    may_supply: bool = False
    """Single lines of it may be ordered, as part of a split award; or alternatives that it offers."""
    best_total: bool
    selected: bool
    lines: tuple[ComparedLine, ...]
    documents: tuple[DocumentOut, ...] = ()
    score: VendorScoreOut | None = None
    """Of the vendor; null for readers without the right, while nothing is known, and with the feature off."""


class IncompleteQuoteOut(Actionable):
    """A quote that leaves lines out, also while prices are sealed."""

    quote_id: UUID
    vendor_id: UUID
    vendor_name: str
    missing: tuple[UUID, ...]
    """The ids of the RFQ's lines."""
    asked_at: Moment | None
    """When its vendor was asked for them."""


class ComparisonOut(Actionable):
    """All quotes for a request's RFQ; while the RFQ is open, the prices are sealed for everybody."""

    request_id: UUID
    request_number: str
    rfq_id: UUID | None
    rfq_number: str | None
    rfq_state: RfqState | None
    rfq_version: int | None
    sealed: bool
    currency: str
    rate_day: Day | None
    lines: tuple[RfqLineOut, ...]
    quotes: tuple[ComparedQuote, ...]
    not_answered: tuple[str, ...]
    declined: tuple[str, ...]
    no_chat: tuple[str, ...] = ()
    unanswered: tuple[RfqQuestionOut, ...] = ()
    incomplete: tuple[IncompleteQuoteOut, ...] = ()
    documents: tuple[DocumentOut, ...] = ()
    """The request's own files, as far as the reader may read them."""
    quote_by: Moment | None = None
    rfq_revision: int | None = None
    answered: int
    invited: int
    split: SplitAwardOut | None = None
    cheapest_split: CheapestSplitOut | None = None
