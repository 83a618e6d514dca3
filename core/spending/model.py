"""What was ordered, in the organisation's currency."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class MonthsSpent:
    """This month so far, and the whole of the one before."""

    this_month: Decimal
    last_month: Decimal
    orders: int
    """How many of them this month; one without a rate is neither here nor in a sum."""
    currency: str
