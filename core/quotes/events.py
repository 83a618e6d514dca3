"""What can happen to a quote.

One rule: no event contains a price or a total before the RFQ is closed; until then quotes are sealed.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from core.kernel.subjects import SubjectKind
from core.log.events import Event
from core.quotes.model import Quote


@dataclass(frozen=True, kw_only=True)
class QuoteEvent(Event):
    subject_kind: ClassVar[str] = SubjectKind.quote
    number: str
    revision: int
    rfq_id: UUID
    vendor_id: UUID


@dataclass(frozen=True, kw_only=True)
class QuoteSubmitted(QuoteEvent):
    """``entered_by``: the officer who entered it for the vendor, and knows its price while it is sealed.

    ``missing``: the positions of the lines with neither a price nor an alternative.
    """

    type: ClassVar[str] = "quote.submitted"
    vendor: str
    rfq: str
    content_hash: str
    rfq_revision: int = 1
    entered_by: UUID | None = None
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class QuoteRevised(QuoteEvent):
    type: ClassVar[str] = "quote.revised"
    vendor: str
    rfq: str
    content_hash: str
    rfq_revision: int = 1
    entered_by: UUID | None = None
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class QuoteWithdrawn(QuoteEvent):
    type: ClassVar[str] = "quote.withdrawn"
    was_selected: bool
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class QuoteSelected(QuoteEvent):
    """The quote that the approval will be about; the RFQ is closed, so the event may name its total."""

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
    """Its approval was undone before anything was sent: the quote is selected again."""

    type: ClassVar[str] = "quote.returned"


@dataclass(frozen=True, kw_only=True)
class QuoteRejected(QuoteEvent):
    type: ClassVar[str] = "quote.rejected"
    reason: str


@dataclass(frozen=True, kw_only=True)
class QuoteExpired(QuoteEvent):
    type: ClassVar[str] = "quote.expired"
    was_selected: bool


def quote_envelope(quote: Quote) -> dict[str, Any]:
    """The fields that every event of a quote carries."""
    return {
        "subject_id": quote.id,
        "subject_version": quote.version,
        "request_id": quote.request_id,
        "number": quote.number,
        "revision": quote.revision,
        "rfq_id": quote.rfq_id,
        "vendor_id": quote.vendor_id,
    }
