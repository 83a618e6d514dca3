"""What can be recorded about a delivery."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.orders.events import OrderEvent
from core.receipts.commands import ReceivedLine, ReturnedLine
from core.requests.events import RequestStateChanged


@dataclass(frozen=True, kw_only=True)
class OrderReceived(OrderEvent):
    """One receipt; ``whole`` when nothing is outstanding."""

    type: ClassVar[str] = "order.received"
    receipt_id: UUID
    whole: bool
    lines: tuple[ReceivedLine, ...]
    note: str


@dataclass(frozen=True, kw_only=True)
class ReceiptCorrected(OrderEvent):
    """A counter-entry: ``lines`` are the differences, negative where too much had been recorded."""

    type: ClassVar[str] = "order.receipt_corrected"
    receipt_id: UUID
    corrects: UUID
    lines: tuple[ReceivedLine, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class GoodsReturned(OrderEvent):
    """Goods that had been accepted went back; they are awaited again until the order is closed short."""

    type: ClassVar[str] = "order.goods_returned"
    receipt_id: UUID
    lines: tuple[ReturnedLine, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderClosedShort(OrderEvent):
    """The rest is not awaited any more; what was kept completes the order."""

    type: ClassVar[str] = "order.closed_short"
    reason: str


@dataclass(frozen=True, kw_only=True)
class RequestReopened(RequestStateChanged):
    """The request of an order that was completed and awaits goods again."""

    type: ClassVar[str] = "request.reopened"
