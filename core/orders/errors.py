"""Refusals of the orders slice."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from core.kernel.errors import Conflict, Refused


@dataclass(eq=False)
class OverReceipt(Conflict):
    """More arrived than was ordered, beyond the tolerance."""

    line: str
    ordered: Decimal
    accepted: Decimal
    most: Decimal
    code: ClassVar[str] = "orders.over_receipt"


@dataclass(eq=False)
class NotYourDelivery(Refused):
    """Only the requester or procurement receives goods."""

    number: str
    who: str
    code: ClassVar[str] = "orders.not_your_delivery"
