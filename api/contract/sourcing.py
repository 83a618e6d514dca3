"""RFQs, invitations, quotes and the comparison on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.values import (
    MAX_LINES,
    Amount,
    Currency,
    Day,
    Given,
    Moment,
    Note,
    Number,
    Quantity,
    Reason,
    Taken,
    Version,
)
from core.sourcing.states import InvitationState, QuoteState, RfqState

LeadTime = Annotated[int, Field(ge=0, le=3650, examples=[10])]


class RfqIn(Taken):
    vendor_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=50)]
    quote_by: Moment
    note: Note = ""


class CloseIn(Taken):
    expected_version: Version | None = None


class ProposeIn(Taken):
    quote_id: UUID
    reason: Reason
    expected_version: Version | None = None


class DeclineIn(Taken):
    reason: Reason


class RfqLineOut(Given):
    id: UUID
    request_line_id: UUID
    description: str
    quantity: Quantity
    unit: str


class InvitationOut(Given):
    id: UUID
    vendor_id: UUID
    vendor_name: str
    state: InvitationState
    reason: str | None = None


class RfqOut(Given):
    """An RFQ; a vendor sees its own invitation and quote only."""

    id: UUID
    number: str
    request_id: UUID
    request_number: str
    state: RfqState
    version: int
    buyer: str
    currency: str
    quote_by: Moment
    needed_by: Day
    cost_centre: str
    note: str
    lines: tuple[RfqLineOut, ...]
    invitations: tuple[InvitationOut, ...]
    answered: int | None = None
    my_quote: "QuoteOut | None" = None
    created_at: Moment


class QuoteLineIn(Taken):
    rfq_line_id: UUID
    unit_price: Amount | None = None
    lead_time_days: LeadTime | None = None
    no_bid: bool = False


class QuoteIn(Taken):
    rfq_id: UUID
    currency: Currency
    valid_until: Day
    lead_time_days: LeadTime
    shipping: Amount | None = None
    note: Note = ""
    lines: Annotated[tuple[QuoteLineIn, ...], Field(min_length=1, max_length=MAX_LINES)]
    document_ids: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()


class WithdrawQuoteIn(Taken):
    reason: Reason | None = None
    expected_version: Version | None = None


class QuoteLineOut(Given):
    id: UUID
    rfq_line_id: UUID
    description: str
    quantity: Quantity
    unit: str
    unit_price: Amount | None
    lead_time_days: int | None
    no_bid: bool


class DocumentOut(Given):
    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


class QuoteOut(Given):
    id: UUID
    number: str
    rfq_id: UUID
    rfq_number: str
    request_id: UUID
    vendor_id: UUID
    vendor_name: str
    revision: int
    state: QuoteState
    version: int
    currency: str
    total: Amount
    shipping: Amount
    lead_time_days: int
    valid_until: Day
    note: str
    complete: bool
    lines: tuple[QuoteLineOut, ...]
    documents: tuple[DocumentOut, ...] = ()
    submitted_at: Moment


class ComparedLine(Given):
    rfq_line_id: UUID
    unit_price: Amount | None
    lead_time_days: int | None
    no_bid: bool
    best: bool


class ComparedQuote(Given):
    """One vendor's column: prices in the request's currency, converted at the named rate."""

    quote_id: UUID
    vendor_id: UUID
    vendor_name: str
    state: QuoteState
    complete: bool
    currency: str
    rate: Number
    total: Amount
    total_converted: Amount
    shipping_converted: Amount
    gap_to_best_percent: Number | None
    lead_time_days: int
    valid_until: Day
    note: str
    best_total: bool
    selected: bool
    lines: tuple[ComparedLine, ...]
    documents: tuple[DocumentOut, ...] = ()


class ComparisonOut(Given):
    """All answers to a request's RFQ; while the RFQ is open the prices stay sealed for everybody."""

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
    answered: int
    invited: int


class ParseQuoteIn(Taken):
    text: Annotated[str, Field(min_length=1, max_length=4000)]
    locale: Annotated[str, Field(max_length=20)] = ""
    rfq_id: UUID | None = None
