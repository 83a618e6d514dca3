"""Quotes as the slice's functions pass them around; never database rows."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.db.keyset import ListFilter
from core.kernel.actions import Action
from core.kernel.ids import PersonId, QuoteId, RequestId, RfqId, RfqLineId, VendorId
from core.quotes.states import QuoteState
from core.rfqs.model import RfqDetails, RfqLine


@dataclass(frozen=True)
class QuoteLine:
    id: UUID
    rfq_line_id: RfqLineId
    unit_price: Decimal | None
    lead_time_days: int | None
    no_bid: bool


@dataclass(frozen=True)
class Quote:
    """One vendor's answer; ``total`` includes shipping, ``slowest_days`` is when the last line arrives."""

    id: QuoteId
    number: str
    rfq_id: RfqId
    request_id: RequestId
    vendor_id: VendorId
    vendor_name: str
    revision: int
    state: QuoteState
    version: int
    currency: str
    total: Decimal
    shipping: Decimal
    lead_time_days: int
    slowest_days: int
    valid_until: dt.date
    note: str
    complete: bool
    submitted_by: PersonId
    submitted_at: dt.datetime
    lines: tuple[QuoteLine, ...]
    vendor_on_hold: bool = False
    """Now, as it was read; a held vendor's quote neither wins nor is approved."""


@dataclass(frozen=True)
class AttachedDocument:
    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class QuoteDetails:
    """A quote with its RFQ's lines and its files, and what its reader may do with it."""

    quote: Quote
    rfq_number: str
    lines: tuple[RfqLine, ...]
    documents: tuple[AttachedDocument, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class RfqWithQuote:
    """An RFQ with the reader's own live quote; None for staff and for a vendor without one."""

    details: RfqDetails
    my_quote: QuoteDetails | None


@dataclass(frozen=True)
class QuoteFilter(ListFilter):
    """What a list of quotes is limited to; for a vendor always its own."""

    state: QuoteState | None = None
    vendor_id: UUID | None = None
    rfq_id: UUID | None = None
    request_id: UUID | None = None
