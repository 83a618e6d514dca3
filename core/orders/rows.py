"""Converts purchase orders between rows and models.

One rule: only this module knows how the columns are laid out.
"""

from typing import Any, TypeVar

from pydantic import TypeAdapter

from core.db.connection import Row
from core.kernel.ids import (
    ApprovalId,
    OrderId,
    OrderLineId,
    PersonId,
    QuoteId,
    RequestId,
    RequestLineId,
    VendorId,
)
from core.log.events import as_json
from core.orders.model import LeftOutLine, Order, OrderLine, Proposal
from core.orders.states import OrderState

T = TypeVar("T")
_PROPOSAL, _LEFT_OUT = TypeAdapter(Proposal), TypeAdapter(tuple[LeftOutLine, ...])


def order_columns(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "number": order.number,
        "state": order.state.value,
        "version": order.version,
        "request_id": order.request_id,
        "quote_id": order.quote_id,
        "approval_id": order.approval_id,
        "vendor_id": order.vendor_id,
        "requested_by": order.requested_by,
        "cost_centre": order.cost_centre,
        "currency": order.currency,
        "shipping": order.shipping,
        "total": order.total,
        "due_on": order.due_on,
        "reason": order.reason,
        "created_at": order.created_at,
        "issue_at": order.issue_at,
        "issued_at": order.issued_at,
        "acknowledged_at": order.acknowledged_at,
        "completed_at": order.completed_at,
        "revision": order.revision,
        "proposal": as_json(order.proposal) if order.proposal is not None else None,
        "split_award_id": order.split_award_id,
        "left_out": as_json(order.left_out) if order.left_out else None,
    }


def line_columns(order_id: OrderId, line: OrderLine) -> dict[str, Any]:
    """A line's columns are named as its fields."""
    return {"order_id": order_id, **vars(line)}


def line_of(row: Row) -> OrderLine:
    return OrderLine(
        id=OrderLineId(row.id),
        request_line_id=RequestLineId(row.request_line_id),
        position=row.position,
        description=row.description,
        unit=row.unit,
        unit_price=row.unit_price,
        quantity=row.quantity,
        accepted=row.accepted,
        rejected=row.rejected,
        lead_time_days=row.lead_time_days,
        returned=row.returned,
        asked_for=row.asked_for,
    )


def order_of(row: Row, lines: tuple[OrderLine, ...]) -> Order:
    return Order(
        id=OrderId(row.id),
        number=row.number,
        state=OrderState(row.state),
        version=row.version,
        request_id=RequestId(row.request_id),
        quote_id=QuoteId(row.quote_id),
        approval_id=ApprovalId(row.approval_id),
        vendor_id=VendorId(row.vendor_id),
        requested_by=PersonId(row.requested_by),
        cost_centre=row.cost_centre,
        currency=row.currency,
        shipping=row.shipping,
        total=row.total,
        due_on=row.due_on,
        reason=row.reason,
        created_at=row.created_at,
        issue_at=row.issue_at,
        issued_at=row.issued_at,
        acknowledged_at=row.acknowledged_at,
        completed_at=row.completed_at,
        lines=lines,
        revision=row.revision,
        proposal=_read(_PROPOSAL, row.proposal),
        left_out=_read(_LEFT_OUT, row.left_out) or (),
        split_award_id=row.split_award_id,
    )


def _read(kind: TypeAdapter[T], stored: str | dict[str, Any] | list[Any] | None) -> T | None:
    """What a column of JSON gives, or the text of it where rows travel in an array."""
    if stored is None:
        return None
    return kind.validate_json(stored) if isinstance(stored, str) else kind.validate_python(stored)
