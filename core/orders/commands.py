"""The commands of purchase orders."""

from dataclasses import dataclass

from core.kernel.ids import OrderId


@dataclass(frozen=True)
class AcknowledgeOrder:
    order_id: OrderId
    note: str
    expected_version: int | None


@dataclass(frozen=True)
class RefuseOrder:
    order_id: OrderId
    reason: str
    expected_version: int | None


@dataclass(frozen=True)
class IssueOrder:
    order_id: OrderId


@dataclass(frozen=True)
class CancelOrder:
    order_id: OrderId
    reason: str
    expected_version: int | None
