"""What a number of a quote can be, and the price of a line as it was found.

One rule: a price has one value, or the values that it may have, and never both.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from api.language.readings import Ambiguous


class NumberRole(StrEnum):
    """What a number of a quote can be."""

    price = "price"
    quantity = "quantity"
    total = "total"
    item = "item"
    line = "line"


@dataclass(frozen=True, kw_only=True)
class PriceFound:
    """The price of a line: its value, or the values that it may have."""

    value: Decimal | None
    currency: str | Ambiguous | None = None
    quantity: Decimal | None = None
    position: int | None = None
    """Its atom, where it has a value."""
    readings: tuple[str, ...] = ()
    proved: bool = False
    """The line's own arithmetic says so: 10 × 410 = 4,100."""
    converted: bool = False
    """It was written for ten, a hundred, a dozen or a thousand, and worked out for one."""
    total: bool = False
    """It is the share of one in a total for all of them."""
    apiece: bool = False
    """It stands after a quantity and is no sum of as many equal prices: ``20 paper 22.49`` are 22.49 each."""
    if_apiece: Decimal | None = None
    """The price, if another line of the quote is such a one."""
