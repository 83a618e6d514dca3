"""Converts procurement requests between rows and models.

One rule: only this module knows how the columns are laid out.
"""

from typing import Any

from core.db.batches import RowPart
from core.db.connection import Row
from core.kernel.ids import PersonId, RequestId, RequestLineId
from core.kernel.words import normalised
from core.requests.model import Request, RequestLine
from core.requests.states import RequestState


def request_columns(request: Request) -> dict[str, Any]:
    return {
        "id": request.id,
        "number": request.number,
        "state": request.state.value,
        "version": request.version,
        "requested_by": request.requested_by,
        "cost_centre": request.cost_centre,
        "currency": request.currency,
        "needed_by": request.needed_by,
        "note": request.note,
        "total_estimate": request.total_estimate,
        "reason": request.reason,
        "rfq_id": request.rfq_id,
        "approval_id": request.approval_id,
        "order_id": request.order_id,
        "entered_by": request.entered_by,
        "resembles": list(request.resembles),
        "created_at": request.created_at,
        "updated_at": request.updated_at,
    }


def line_columns(request: Request, line: RequestLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "request_id": request.id,
        "position": line.position,
        "description": line.description,
        "quantity": line.quantity,
        "unit": line.unit,
        "estimated_unit_price": line.estimated_unit_price,
        "words": normalised(line.description),
        "asked_at": request.created_at,
        "dropped_at": None,
    }


def line_of(row: Row) -> RequestLine:
    return RequestLine(
        RequestLineId(row.id), row.position, row.description, row.quantity, row.unit, row.estimated_unit_price
    )


def request_of(row: Row | RowPart, lines: tuple[RequestLine, ...]) -> Request:
    return Request(
        id=RequestId(row.id),
        number=row.number,
        state=RequestState(row.state),
        version=row.version,
        requested_by=PersonId(row.requested_by),
        cost_centre=row.cost_centre,
        currency=row.currency,
        needed_by=row.needed_by,
        note=row.note,
        total_estimate=row.total_estimate,
        reason=row.reason,
        rfq_id=row.rfq_id,
        approval_id=row.approval_id,
        order_id=row.order_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        lines=lines,
        entered_by=row.entered_by,
        resembles=tuple(row.resembles),
    )
