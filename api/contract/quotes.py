"""Vendors' answers to RFQs, on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.actions import Actionable
from api.contract.values import (
    MAX_LINES,
    Amount,
    Currency,
    Day,
    Flag,
    InputModel,
    Line,
    Moment,
    Note,
    NumberedQuery,
    OutputModel,
    Reason,
    Shown,
    Version,
    WholeNumber,
)
from core.quotes.states import QuoteState

LeadTime = Annotated[WholeNumber, Field(ge=0, le=3650, examples=[10])]


class DeclineIn(InputModel):
    reason: Reason


class AlternativeIn(InputModel):
    """Something else for the same line: per unit of the line, in the quote's currency, for all that is asked."""

    description: Line
    unit_price: Amount
    lead_time_days: LeadTime | None = None
    note: Note = ""


class QuoteLineIn(InputModel):
    """A price or ``no_bid``; beside either, what the vendor would supply instead."""

    rfq_line_id: UUID
    unit_price: Amount | None = None
    lead_time_days: LeadTime | None = None
    no_bid: Flag = False
    alternative: AlternativeIn | None = None


class QuoteIn(InputModel):
    rfq_id: UUID
    currency: Currency
    valid_until: Day
    lead_time_days: LeadTime
    shipping: Amount | None = None
    note: Note = ""
    lines: Annotated[tuple[QuoteLineIn, ...], Field(min_length=1, max_length=MAX_LINES)]
    document_ids: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()


class WithdrawQuoteIn(InputModel):
    reason: Reason | None = None
    expected_version: Version | None = None


class AlternativeOut(OutputModel):
    """What is offered in place of a line; it is in no total, and ordered only when somebody chooses it."""

    description: str
    unit_price: Shown
    lead_time_days: int | None
    note: str


class QuoteLineOut(OutputModel):
    id: UUID
    rfq_line_id: UUID
    description: str
    quantity: Shown
    unit: str
    unit_price: Shown | None
    lead_time_days: int | None
    no_bid: bool
    alternative: AlternativeOut | None = None


class DocumentOut(OutputModel):
    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


class QuoteOut(Actionable):
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
    total: Shown
    shipping: Shown
    lead_time_days: int
    valid_until: Day
    note: str
    complete: bool
    rfq_revision: int = 1
    """The version of the RFQ that it answers."""
    outdated: bool = False
    """The RFQ was corrected since; confirmed or revised, the quote counts again."""
    entered: bool = False
    """An officer entered it for the vendor."""
    missing: tuple[UUID, ...] = ()
    """The lines of the RFQ without a price, by id; the vendor is asked about those without an alternative."""
    asked_to_complete_at: Moment | None = None
    """When the buyer asked for them."""
    lines: tuple[QuoteLineOut, ...]
    documents: tuple[DocumentOut, ...] = ()
    submitted_at: Moment


class ParseQuoteIn(InputModel):
    text: Annotated[str, Field(min_length=1, max_length=4000)]
    locale: Annotated[str, Field(max_length=20)] = ""
    rfq_id: UUID | None = None


class QuoteQuery(NumberedQuery):
    """For a vendor always its own."""

    state: QuoteState | None = None
    rfq_id: UUID | None = None
    request_id: UUID | None = None
