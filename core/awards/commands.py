"""What can be asked of the choice among quotes."""

from dataclasses import dataclass

from core.kernel.ids import QuoteId, RfqId


@dataclass(frozen=True)
class CloseRfq:
    rfq_id: RfqId
    expected_version: int | None


@dataclass(frozen=True)
class ProposeQuote:
    """Another quote than the cheapest, with the reason that goes on the approval card."""

    rfq_id: RfqId
    quote_id: QuoteId
    reason: str
    expected_version: int | None
