"""A quote that leaves lines out, as those see it who compare quotes; never a price."""

import datetime as dt
from dataclasses import dataclass

from core.kernel.actions import Action
from core.kernel.ids import QuoteId, VendorId
from core.rfqs.model import RfqLine


@dataclass(frozen=True)
class IncompleteQuote:
    """``asked_at``: when its vendor was asked for the lines."""

    quote_id: QuoteId
    vendor_id: VendorId
    vendor_name: str
    lines: tuple[RfqLine, ...]
    asked_at: dt.datetime | None
    actions: tuple[Action, ...] = ()
