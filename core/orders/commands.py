"""The commands of purchase orders."""

from dataclasses import dataclass
from decimal import Decimal

from core.kernel.ids import OrderId, OrderLineId


@dataclass(frozen=True)
class AcknowledgeOrder:
    order_id: OrderId
    note: str
    expected_version: int | None


@dataclass(frozen=True)
class ReceivedLine:
    """What arrived of one line this time: accepted counts, rejected is returned."""

    line_id: OrderLineId
    accepted: Decimal
    rejected: Decimal


@dataclass(frozen=True)
class ReceiveGoods:
    order_id: OrderId
    lines: tuple[ReceivedLine, ...]
    note: str
    expected_version: int | None


@dataclass(frozen=True)
class IssueOrder:
    order_id: OrderId


@dataclass(frozen=True)
class CancelOrder:
    order_id: OrderId
    reason: str
    expected_version: int | None
