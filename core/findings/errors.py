"""Refusals of the findings slice."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Refused


@dataclass(eq=False)
class OwnPurchase(Refused):
    """Whoever asked for it, proposed it or approved it does not judge what looked unusual about it."""

    number: str
    code: ClassVar[str] = "findings.own_purchase"
