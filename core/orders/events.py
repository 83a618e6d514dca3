"""What can happen to a purchase order."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from core.kernel.subjects import SubjectKind
from core.log.events import Event
from core.orders.model import Order, OrderLine


@dataclass(frozen=True, kw_only=True)
class OrderEvent(Event):
    subject_kind: ClassVar[str] = SubjectKind.order
    number: str
    state: str
    vendor_id: UUID


@dataclass(frozen=True, kw_only=True)
class OrderGenerated(OrderEvent):
    """The order contains what was approved: quote, version and total; it is issued at ``issue_at``."""

    type: ClassVar[str] = "order.generated"
    approval_id: UUID
    quote_id: UUID
    quote_version: int
    total: Decimal
    currency: str
    due_on: dt.date
    issue_at: dt.datetime
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True, kw_only=True)
class OrderIssued(OrderEvent):
    type: ClassVar[str] = "order.issued"


@dataclass(frozen=True, kw_only=True)
class OrderAcknowledged(OrderEvent):
    type: ClassVar[str] = "order.acknowledged"
    note: str
    entered_by: UUID | None = None  # the officer, when the vendor confirmed by mail or phone


@dataclass(frozen=True, kw_only=True)
class OrderCompleted(OrderEvent):
    type: ClassVar[str] = "order.completed"


@dataclass(frozen=True, kw_only=True)
class OrderReopened(OrderEvent):
    """It was completed; a corrected receipt or a return shows that goods are still to come."""

    type: ClassVar[str] = "order.reopened"


@dataclass(frozen=True, kw_only=True)
class OrderUndone(OrderEvent):
    """Its approval was undone before the vendor was notified: the order is cancelled, its number stays used."""

    type: ClassVar[str] = "order.undone"
    approval_id: UUID


@dataclass(frozen=True, kw_only=True)
class OrderStopped(OrderEvent):
    """The base of an order's ends with nothing delivered: the request returns to its quotes."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(OrderStopped):
    type: ClassVar[str] = "order.cancelled"


@dataclass(frozen=True, kw_only=True)
class OrderDeclined(OrderStopped):
    """The vendor will not deliver."""

    type: ClassVar[str] = "order.declined"


def order_envelope(order: Order) -> dict[str, Any]:
    """The fields that every event of an order carries."""
    return {
        "subject_id": order.id,
        "subject_version": order.version,
        "request_id": order.request_id,
        "number": order.number,
        "state": order.state.value,
        "vendor_id": order.vendor_id,
    }
