"""A split award as the slice's functions pass it around; never database rows."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.awards.model import Comparison
from core.kernel.actions import Action
from core.kernel.ids import PersonId, RequestId, RfqId, RfqLineId, SplitAwardId
from core.offers.model import Alternative
from core.orders.states import OrderState
from core.quotes.model import Quote
from core.rfqs.model import RfqLine


@dataclass(frozen=True)
class SplitAward:
    """One proposal; ``total`` is in the request's currency, with each vendor's whole shipping."""

    id: SplitAwardId
    rfq_id: RfqId
    request_id: RequestId
    currency: str
    total: Decimal
    reason: str
    proposed_by: PersonId
    created_at: dt.datetime
    lines: dict[RfqLineId, UUID | None]
    """By the RFQ's line: the quote that gets it; None where it is left out."""
    alternatives: frozenset[RfqLineId] = frozenset()
    """The lines for which the alternative of their quote is ordered."""

    @property
    def quote_ids(self) -> frozenset[UUID]:
        return frozenset(quote_id for quote_id in self.lines.values() if quote_id is not None)


@dataclass(frozen=True)
class Share:
    """What one vendor gets: ``total`` in the quote's currency, ``converted`` in the request's.

    ``quote`` has the alternatives that are ordered in place of their lines.
    """

    quote: Quote
    lines: tuple[RfqLine, ...]
    total: Decimal
    converted: Decimal

    @property
    def alternatives(self) -> dict[UUID, Alternative]:
        """By the RFQ's line: what is ordered in its place."""
        wanted = {line.id for line in self.lines}
        return {
            line.rfq_line_id: line.instead
            for line in self.quote.lines
            if line.instead is not None and line.rfq_line_id in wanted
        }


@dataclass(frozen=True)
class ShareOrder:
    """The order of one share, as it is now."""

    number: str
    state: OrderState


@dataclass(frozen=True)
class ShownSplit:
    """The split award that is proposed or ordered."""

    award: SplitAward
    proposed_by_name: str
    shares: tuple[Share, ...]
    orders: dict[UUID, ShareOrder]
    """By quote: the orders that are not cancelled."""

    @property
    def left_out(self) -> tuple[RfqLineId, ...]:
        return tuple(line_id for line_id, quote_id in self.award.lines.items() if quote_id is None)


@dataclass(frozen=True)
class CheapestSplit:
    """Each line where it is cheapest, without vendors whose shipping costs more than they save."""

    shares: tuple[Share, ...]
    total: Decimal
    best_single: Decimal | None
    """The lowest total of one vendor that can supply all lines; None when there is none."""


@dataclass(frozen=True)
class ComparedWithSplits:
    """The comparison, with the split award that is proposed, the cheapest one, and what the reader may do."""

    comparison: Comparison
    split: ShownSplit | None
    cheapest: CheapestSplit | None
    actions: tuple[Action, ...]
    suppliers: frozenset[UUID] = frozenset()
    """The quotes of which single lines may be ordered."""
