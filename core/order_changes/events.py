"""What can happen to a proposed change of an order."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from core.orders.events import OrderEvent
from core.orders.model import OrderLine, ProposedLine


@dataclass(frozen=True, kw_only=True)
class OrderChangeEvent(OrderEvent):
    """The base of what happens to a proposal; ``by``: the side that proposed."""

    by: str


@dataclass(frozen=True, kw_only=True)
class ChangeProposed(OrderChangeEvent):
    """Other terms, or without lines that the order ends."""

    type: ClassVar[str] = "order.change_proposed"
    lines: tuple[ProposedLine, ...]
    total: Decimal
    currency: str
    due_on: dt.date
    reason: str


@dataclass(frozen=True, kw_only=True)
class ChangeAccepted(OrderChangeEvent):
    """``approval_id``: the higher total still waits for this approval."""

    type: ClassVar[str] = "order.change_accepted"
    approval_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ChangeDeclined(OrderChangeEvent):
    """``reason`` is empty when an approver rejected the higher total: the vendor reads this event."""

    type: ClassVar[str] = "order.change_declined"
    reason: str


@dataclass(frozen=True, kw_only=True)
class ChangeTakenBack(OrderChangeEvent):
    type: ClassVar[str] = "order.change_taken_back"


@dataclass(frozen=True, kw_only=True)
class OrderRevised(OrderEvent):
    """The order has other terms now; the earlier version stays readable."""

    type: ClassVar[str] = "order.revised"
    revision: int
    total: Decimal
    earlier_total: Decimal
    currency: str
    due_on: dt.date
    lines: tuple[OrderLine, ...]
