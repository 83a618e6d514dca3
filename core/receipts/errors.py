"""Refusals of the receipts slice."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from core.kernel.errors import Conflict


@dataclass(eq=False)
class OverReceipt(Conflict):
    """More arrived than is still open, beyond the tolerance; ``most`` is what one delivery may still bring."""

    line: str
    ordered: Decimal
    received: Decimal
    most: Decimal
    code: ClassVar[str] = "orders.over_receipt"


@dataclass(eq=False)
class MoreThanKept(Conflict):
    """More is to go back, or to be taken off, than is still here."""

    line: str
    kept: Decimal
    code: ClassVar[str] = "orders.more_than_kept"


@dataclass(eq=False)
class NotAReceipt(Conflict):
    """A correction or a return is not corrected itself; the receipt behind it is."""

    number: str
    code: ClassVar[str] = "orders.not_a_receipt"
