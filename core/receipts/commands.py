"""The commands of receipts."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.kernel.ids import OrderId, OrderLineId


@dataclass(frozen=True)
class ReceivedLine:
    """What arrived of one line this time: accepted counts, rejected goes back at once."""

    line_id: OrderLineId
    accepted: Decimal
    rejected: Decimal


@dataclass(frozen=True)
class ReceiveGoods:
    order_id: OrderId
    lines: tuple[ReceivedLine, ...]
    note: str
    expected_version: int | None
    document_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class CorrectReceipt:
    """What the receipt should have said of these lines; the others stay as they are."""

    order_id: OrderId
    receipt_id: UUID
    lines: tuple[ReceivedLine, ...]
    reason: str
    expected_version: int | None


@dataclass(frozen=True)
class ReturnedLine:
    line_id: OrderLineId
    quantity: Decimal


@dataclass(frozen=True)
class ReturnGoods:
    """Goods that were accepted go back to the vendor."""

    order_id: OrderId
    lines: tuple[ReturnedLine, ...]
    reason: str
    expected_version: int | None
    document_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class CloseShort:
    """What has not arrived is not awaited any more."""

    order_id: OrderId
    reason: str
    expected_version: int | None
