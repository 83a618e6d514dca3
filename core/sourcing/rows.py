"""Rows to models and back, for RFQs and quotes; the only place that knows the columns' shapes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

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
from core.sourcing.model import Invitation, Quote, QuoteLine, Rfq, RfqLine
from core.sourcing.states import InvitationState, QuoteState, RfqState


def rfqs_of(
    found: Sequence[Row[Any]], lines: Sequence[Row[Any]], invitations: Sequence[Row[Any]]
) -> list[Rfq]:
    """Aggregates from the rows of three tables."""
    lines_of: dict[UUID, list[RfqLine]] = {row.id: [] for row in found}
    invited: dict[UUID, list[Invitation]] = {row.id: [] for row in found}
    for row in lines:
        lines_of[row.rfq_id].append(
            RfqLine(
                RfqLineId(row.id),
                RequestLineId(row.request_line_id),
                row.position,
                row.description,
                row.quantity,
                row.unit,
            )
        )
    for row in invitations:
        invited[row.rfq_id].append(
            Invitation(
                InvitationId(row.id),
                VendorId(row.vendor_id),
                row.vendor_name,
                InvitationState(row.state),
                row.reason,
            )
        )
    return [_rfq(row, tuple(lines_of[row.id]), tuple(invited[row.id])) for row in found]


def _rfq(row: Row[Any], lines: tuple[RfqLine, ...], invitations: tuple[Invitation, ...]) -> Rfq:
    return Rfq(
        id=RfqId(row.id),
        number=row.number,
        request_id=RequestId(row.request_id),
        state=RfqState(row.state),
        version=row.version,
        currency=row.currency,
        quote_by=row.quote_by,
        needed_by=row.needed_by,
        note=row.note,
        sent_by=PersonId(row.sent_by),
        selected_quote_id=row.selected_quote_id,
        proposed_by=row.proposed_by,
        reason=row.reason,
        created_at=row.created_at,
        closed_at=row.closed_at,
        remind_at=row.remind_at,
        lines=lines,
        invitations=invitations,
    )


def rfq_columns(rfq: Rfq) -> dict[str, Any]:
    """The columns of ``rfqs``."""
    return {
        "id": rfq.id,
        "number": rfq.number,
        "request_id": rfq.request_id,
        "state": rfq.state.value,
        "version": rfq.version,
        "currency": rfq.currency,
        "quote_by": rfq.quote_by,
        "needed_by": rfq.needed_by,
        "note": rfq.note,
        "sent_by": rfq.sent_by,
        "selected_quote_id": rfq.selected_quote_id,
        "proposed_by": rfq.proposed_by,
        "reason": rfq.reason,
        "created_at": rfq.created_at,
        "closed_at": rfq.closed_at,
        "remind_at": rfq.remind_at,
    }


def quotes_of(found: Sequence[Row[Any]], lines: Sequence[Row[Any]]) -> list[Quote]:
    """Aggregates from the rows of two tables."""
    lines_of: dict[UUID, list[QuoteLine]] = {row.id: [] for row in found}
    for row in lines:
        lines_of[row.quote_id].append(
            QuoteLine(row.id, RfqLineId(row.rfq_line_id), row.unit_price, row.lead_time_days, row.no_bid)
        )
    return [_quote(row, tuple(lines_of[row.id])) for row in found]


def _quote(row: Row[Any], lines: tuple[QuoteLine, ...]) -> Quote:
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
        submitted_by=PersonId(row.submitted_by),
        submitted_at=row.submitted_at,
        lines=lines,
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
        "submitted_by": quote.submitted_by,
        "submitted_at": quote.submitted_at,
    }


def quote_line_columns(quote: Quote) -> list[dict[str, Any]]:
    """The columns of ``quote_lines``."""
    return [
        {
            "id": line.id,
            "quote_id": quote.id,
            "rfq_line_id": line.rfq_line_id,
            "unit_price": line.unit_price,
            "lead_time_days": line.lead_time_days,
            "no_bid": line.no_bid,
        }
        for line in quote.lines
    ]
