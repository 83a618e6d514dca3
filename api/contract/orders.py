"""Purchase orders and receipts on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.actions import Actionable
from api.contract.values import (
    MAX_LINES,
    Count,
    Day,
    InputModel,
    Moment,
    Note,
    NumberedQuery,
    OutputModel,
    Reason,
    Shown,
    Version,
    Word,
)
from core.orders.states import OrderState


class AcknowledgeIn(InputModel):
    note: Note = ""
    expected_version: Version | None = None


class ReceiptLineIn(InputModel):
    line_id: UUID
    accepted: Count
    rejected: Count | None = None


class ReceiptIn(InputModel):
    lines: Annotated[tuple[ReceiptLineIn, ...], Field(min_length=1, max_length=MAX_LINES)]
    note: Note = ""
    expected_version: Version | None = None


class CancelOrderIn(InputModel):
    reason: Reason
    expected_version: Version | None = None


class OrderLineOut(OutputModel):
    id: UUID
    request_line_id: UUID
    description: str
    unit: str
    unit_price: Shown
    quantity: Shown
    accepted: Shown
    rejected: Shown
    lead_time_days: int


class OrderOut(Actionable):
    id: UUID
    number: str
    state: OrderState
    version: int
    request_id: UUID
    request_number: str
    quote_id: UUID
    approval_id: UUID
    vendor_id: UUID
    vendor_name: str
    requested_by: UUID
    requested_by_name: str
    cost_centre: str
    currency: str
    shipping: Shown
    total: Shown
    lines: tuple[OrderLineOut, ...]
    due_on: Day
    created_at: Moment
    issued_at: Moment | None
    acknowledged_at: Moment | None
    completed_at: Moment | None
    reason: str | None = None


class OrderQuery(NumberedQuery):
    """``mine``: for the caller's own requests."""

    state: OrderState | None = None
    mine: bool = False
    vendor_id: UUID | None = None
    request_id: UUID | None = None
    cost_centre: Word | None = None
    requested_by: UUID | None = None
