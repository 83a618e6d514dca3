"""What a vendor offers for a line of an RFQ: a price or none, and perhaps something else in place of what was asked.

One rule: an alternative never counts by itself: no total has it, and only a person who says why takes it.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from core.kernel.ids import RfqLineId


@dataclass(frozen=True)
class Alternative:
    """Another thing for the same line: per unit of the line, in the quote's currency, for all that is asked."""

    description: str
    unit_price: Decimal
    lead_time_days: int | None = None
    note: str = ""


@dataclass(frozen=True)
class QuoteLine:
    """``taken``: the alternative is what is ordered, so price and days are its own; never stored with the quote."""

    id: UUID
    rfq_line_id: RfqLineId
    unit_price: Decimal | None
    lead_time_days: int | None
    no_bid: bool
    alternative: Alternative | None = None
    taken: bool = False

    @property
    def instead(self) -> Alternative | None:
        """What is ordered in the line's place."""
        return self.alternative if self.taken else None

    def taking_alternative(self) -> "QuoteLine":
        """The line with the alternative in its place; itself where there is none."""
        other = self.alternative
        if other is None:
            return self
        return replace(
            self, unit_price=other.unit_price, lead_time_days=other.lead_time_days, no_bid=False, taken=True
        )
