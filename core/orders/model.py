"""A purchase order as the slice's functions pass it around; never a database row."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.db.keyset import ListFilter
from core.kernel.actions import Action
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
from core.orders.states import OrderState


@dataclass(frozen=True)
class OrderLine:
    id: OrderLineId
    request_line_id: RequestLineId
    position: int
    description: str
    unit: str
    unit_price: Decimal
    quantity: Decimal
    accepted: Decimal
    rejected: Decimal
    lead_time_days: int

    @property
    def open(self) -> bool:
        return self.accepted < self.quantity


@dataclass(frozen=True)
class Order:
    """The aggregate: what was approved is what is ordered, line by line."""

    id: OrderId
    number: str
    state: OrderState
    version: int
    request_id: RequestId
    quote_id: QuoteId
    approval_id: ApprovalId
    vendor_id: VendorId
    requested_by: PersonId
    cost_centre: str
    currency: str
    shipping: Decimal
    total: Decimal
    due_on: dt.date
    reason: str | None
    created_at: dt.datetime
    issue_at: dt.datetime
    issued_at: dt.datetime | None
    acknowledged_at: dt.datetime | None
    completed_at: dt.datetime | None
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True)
class OrderDetails:
    """An order with the names that a card shows, and what its reader may do with it."""

    order: Order
    request_number: str
    vendor_name: str
    requested_by_name: str
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class OrderFilter(ListFilter):
    """What a list of orders is limited to; ``mine``: for the reader's own requests."""

    state: OrderState | None = None
    mine: bool = False
    request_id: UUID | None = None
