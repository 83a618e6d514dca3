"""The commands of changes that one side proposes and the other one answers."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.kernel.ids import OrderId, OrderLineId


@dataclass(frozen=True)
class ChangedLine:
    """What is to be different about one line; None: as it is."""

    line_id: OrderLineId
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    due_on: dt.date | None = None


@dataclass(frozen=True)
class ProposeChange:
    """Other terms; ``due_on`` is for every line that names no day of its own."""

    order_id: OrderId
    lines: tuple[ChangedLine, ...]
    due_on: dt.date | None
    reason: str
    expected_version: int | None


@dataclass(frozen=True)
class AskToCallOff:
    """The order is to end, if the other side agrees."""

    order_id: OrderId
    reason: str
    expected_version: int | None


@dataclass(frozen=True)
class AcceptChange:
    order_id: OrderId
    expected_version: int | None


@dataclass(frozen=True)
class DeclineChange:
    order_id: OrderId
    reason: str
    expected_version: int | None


@dataclass(frozen=True)
class TakeBackChange:
    order_id: OrderId
    expected_version: int | None
