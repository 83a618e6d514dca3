"""Converts quotes between rows and models.

One rule: only this module knows how the columns are laid out.
"""

from collections.abc import Sequence
from typing import Any

from core.db.batches import RowPart
from core.db.connection import Row
from core.kernel.ids import PersonId, QuoteId, RequestId, RfqId, VendorId
from core.offers.model import QuoteLine
from core.offers.rows import line_of, lines_of
from core.quotes.model import Quote
from core.quotes.states import QuoteState
from core.vendors.states import VendorState


def quotes_of(found: Sequence[Row], lines: Sequence[Row]) -> list[Quote]:
    """Aggregates from the rows of two tables."""
    offered = lines_of(lines)
    return [_quote(row, tuple(offered.get(row.id, ()))) for row in found]


def quote_of(row: Row | RowPart) -> Quote:
    """The aggregate from its row, which carries the lines."""
    return _quote(row, tuple(line_of(*line) for line in row.lines))


def _quote(row: Row | RowPart, lines: tuple[QuoteLine, ...]) -> Quote:
    return Quote(
        id=QuoteId(row.id),
        number=row.number,
        rfq_id=RfqId(row.rfq_id),
        request_id=RequestId(row.request_id),
        vendor_id=VendorId(row.vendor_id),
        vendor_name=row.vendor_name,
        revision=row.revision,
        state=QuoteState(row.state),
        version=row.version,
        currency=row.currency,
        total=row.total,
        shipping=row.shipping,
        lead_time_days=row.lead_time_days,
        slowest_days=row.slowest_days,
        valid_until=row.valid_until,
        note=row.note,
        complete=row.complete,
        rfq_revision=row.rfq_revision,
        entered_by=row.entered_by,
        submitted_by=PersonId(row.submitted_by),
        submitted_at=row.submitted_at,
        lines=lines,
        vendor_on_hold=row.vendor_state != VendorState.active,
        asked_to_complete_at=row.asked_to_complete_at,
    )


def quote_columns(quote: Quote) -> dict[str, Any]:
    """The columns of ``vendor_quotes``."""
    return {
        "id": quote.id,
        "number": quote.number,
        "rfq_id": quote.rfq_id,
        "request_id": quote.request_id,
        "vendor_id": quote.vendor_id,
        "revision": quote.revision,
        "state": quote.state.value,
        "version": quote.version,
        "currency": quote.currency,
        "total": quote.total,
        "shipping": quote.shipping,
        "lead_time_days": quote.lead_time_days,
        "slowest_days": quote.slowest_days,
        "valid_until": quote.valid_until,
        "note": quote.note,
        "complete": quote.complete,
        "rfq_revision": quote.rfq_revision,
        "entered_by": quote.entered_by,
        "submitted_by": quote.submitted_by,
        "submitted_at": quote.submitted_at,
        "asked_to_complete_at": quote.asked_to_complete_at,
    }
