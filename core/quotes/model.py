"""Quotes as the slice's functions pass them around; never database rows."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.db.keyset import ListFilter
from core.kernel.actions import Action
from core.kernel.ids import PersonId, QuoteId, RequestId, RfqId, VendorId
from core.offers.model import QuoteLine
from core.quotes.states import QuoteState
from core.rfqs.model import RfqLine


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
    rfq_revision: int
    """The version of the RFQ that it answers; once that is corrected, the quote is not complete any more."""
    entered_by: PersonId | None
    """The officer who entered for the vendor what came by mail or phone, and so knows the price."""
    submitted_by: PersonId
    submitted_at: dt.datetime
    lines: tuple[QuoteLine, ...]
    vendor_on_hold: bool = False
    """Now, as it was read; a held vendor's quote neither wins nor is approved."""
    asked_to_complete_at: dt.datetime | None = None
    """When the officer asked for the lines that this revision leaves out."""

    @property
    def priced(self) -> bool:
        """Something of what was asked can be ordered; without it there are only alternatives."""
        return any(line.unit_price is not None for line in self.lines)


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
    rfq_revision: int
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class QuoteFilter(ListFilter):
    """What a list of quotes is limited to; for a vendor always its own."""

    state: QuoteState | None = None
    rfq_id: UUID | None = None
    request_id: UUID | None = None
