"""What can have happened to an RFQ, an invitation or a quote.

One rule: no event carries a price or a total before its RFQ is closed; quotes are sealed until then.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class RfqEvent(Event):
    subject_kind: ClassVar[str] = "rfq"
    number: str


@dataclass(frozen=True, kw_only=True)
class RfqSent(RfqEvent):
    type: ClassVar[str] = "rfq.sent"
    vendor_ids: tuple[UUID, ...]
    quote_by: dt.datetime
    lines: int


@dataclass(frozen=True, kw_only=True)
class RfqReminded(RfqEvent):
    """The vendors who have not answered yet are told how long they may."""

    type: ClassVar[str] = "rfq.reminded"
    vendor_ids: tuple[UUID, ...]
    quote_by: dt.datetime


@dataclass(frozen=True, kw_only=True)
class RfqClosed(RfqEvent):
    """Opening the sealed quotes: names each quote's revision, so that none can be slipped in later."""

    type: ClassVar[str] = "rfq.closed"
    why: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RfqUnsuccessful(RfqEvent):
    type: ClassVar[str] = "rfq.unsuccessful"
    why: str


@dataclass(frozen=True, kw_only=True)
class RfqAwarded(RfqEvent):
    type: ClassVar[str] = "rfq.awarded"
    quote_id: UUID
    vendor_id: UUID
    others: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class RfqCancelled(RfqEvent):
    type: ClassVar[str] = "rfq.cancelled"
    vendor_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class InvitationDeclined(RfqEvent):
    type: ClassVar[str] = "invitation.declined"
    vendor_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class InvitationExpired(RfqEvent):
    type: ClassVar[str] = "invitation.expired"
    vendor_id: UUID


@dataclass(frozen=True, kw_only=True)
class QuoteEvent(Event):
    subject_kind: ClassVar[str] = "quote"
    number: str
    revision: int
    rfq_id: UUID
    vendor_id: UUID


@dataclass(frozen=True, kw_only=True)
class QuoteSubmitted(QuoteEvent):
    type: ClassVar[str] = "quote.submitted"
    vendor: str
    rfq: str
    content_hash: str


@dataclass(frozen=True, kw_only=True)
class QuoteRevised(QuoteEvent):
    type: ClassVar[str] = "quote.revised"
    vendor: str
    rfq: str
    content_hash: str


@dataclass(frozen=True, kw_only=True)
class QuoteWithdrawn(QuoteEvent):
    type: ClassVar[str] = "quote.withdrawn"
    was_selected: bool
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class QuoteSelected(QuoteEvent):
    """The quote that the approval will be about; the RFQ is closed, so its total may be named."""

    type: ClassVar[str] = "quote.selected"
    total: Decimal
    currency: str
    by: str
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class QuoteUnselected(QuoteEvent):
    type: ClassVar[str] = "quote.unselected"


@dataclass(frozen=True, kw_only=True)
class QuoteApproved(QuoteEvent):
    type: ClassVar[str] = "quote.approved"


@dataclass(frozen=True, kw_only=True)
class QuoteReturned(QuoteEvent):
    """Its approval was undone before anything went out: it is selected again."""

    type: ClassVar[str] = "quote.returned"


@dataclass(frozen=True, kw_only=True)
class QuoteRejected(QuoteEvent):
    type: ClassVar[str] = "quote.rejected"
    reason: str


@dataclass(frozen=True, kw_only=True)
class QuoteExpired(QuoteEvent):
    type: ClassVar[str] = "quote.expired"
    was_selected: bool
