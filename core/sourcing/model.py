"""RFQs, invitations and quotes as the slice's functions hand them around; never database rows."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.kernel.ids import (
    InvitationId,
    PersonId,
    QuoteId,
    RequestId,
    RequestLineId,
    RfqId,
    RfqLineId,
    VendorId,
)
from core.sourcing.states import ANSWERED, InvitationState, QuoteState, RfqState


@dataclass(frozen=True)
class RfqLine:
    id: RfqLineId
    request_line_id: RequestLineId
    position: int
    description: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True)
class Invitation:
    id: InvitationId
    vendor_id: VendorId
    vendor_name: str
    state: InvitationState
    reason: str | None

    @property
    def answered(self) -> bool:
        return self.state in ANSWERED


@dataclass(frozen=True)
class Rfq:
    """The aggregate: what vendors are asked to price, until when, and which quote is selected."""

    id: RfqId
    number: str
    request_id: RequestId
    state: RfqState
    version: int
    currency: str
    quote_by: dt.datetime
    needed_by: dt.date
    note: str
    sent_by: PersonId
    selected_quote_id: QuoteId | None
    proposed_by: PersonId | None
    reason: str | None
    created_at: dt.datetime
    closed_at: dt.datetime | None
    remind_at: dt.datetime | None
    lines: tuple[RfqLine, ...]
    invitations: tuple[Invitation, ...]

    def invitation_of(self, vendor_id: UUID | None) -> Invitation | None:
        return next((item for item in self.invitations if item.vendor_id == vendor_id), None)

    @property
    def sealed(self) -> bool:
        """While vendors may still answer, nobody reads a price."""
        return self.state is RfqState.open


@dataclass(frozen=True)
class QuoteLine:
    id: UUID
    rfq_line_id: RfqLineId
    unit_price: Decimal | None
    lead_time_days: int | None
    no_bid: bool


@dataclass(frozen=True)
class Quote:
    """One vendor's answer; ``total`` includes shipping, ``slowest_days`` is the last line's arrival."""

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


@dataclass(frozen=True)
class Converted:
    """A quote's total in the request's currency, at which rate."""

    quote: Quote
    total: Decimal
    shipping: Decimal
    rate: Decimal


@dataclass(frozen=True)
class RfqDetails:
    """An RFQ as one person may see it: a vendor gets its own invitation and quote only."""

    rfq: Rfq
    request_number: str
    cost_centre: str
    buyer: str
    answered: int | None
    my_quote: "QuoteDetails | None"


@dataclass(frozen=True)
class AttachedDocument:
    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class QuoteDetails:
    quote: Quote
    rfq_number: str
    lines: tuple[RfqLine, ...]
    documents: tuple[AttachedDocument, ...]


@dataclass(frozen=True)
class Comparison:
    """All answers side by side in the request's currency; sealed while the RFQ is open."""

    request_id: RequestId
    request_number: str
    rfq: Rfq | None
    sealed: bool
    currency: str
    rate_day: dt.date | None
    quotes: tuple[Converted, ...]
    best_total: Decimal | None
    best_prices: dict[UUID, Decimal]
    documents: Mapping[UUID, tuple[AttachedDocument, ...]]
