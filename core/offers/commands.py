"""What a vendor writes into a quote."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.kernel.ids import DocumentId, RfqId, RfqLineId
from core.offers.model import Alternative


@dataclass(frozen=True)
class QuoteLineDraft:
    """A price per unit, or no bid; the line's lead time overrides the quote's."""

    rfq_line_id: RfqLineId
    unit_price: Decimal | None
    lead_time_days: int | None
    no_bid: bool
    alternative: Alternative | None = None


@dataclass(frozen=True)
class SubmitQuote:
    rfq_id: RfqId
    currency: str
    valid_until: dt.date
    lead_time_days: int
    shipping: Decimal
    note: str
    lines: tuple[QuoteLineDraft, ...]
    document_ids: tuple[DocumentId, ...]
