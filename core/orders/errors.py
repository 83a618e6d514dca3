"""Refusals of the orders slice."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Refused


@dataclass(eq=False)
class NotYourDelivery(Refused):
    """Only the requester, procurement or, where the policy says so, a colleague receives goods."""

    number: str
    who: str
    code: ClassVar[str] = "orders.not_your_delivery"
