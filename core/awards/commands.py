"""The commands of awards."""

from dataclasses import dataclass

from core.kernel.ids import QuoteId, RfqId


@dataclass(frozen=True)
class CloseRfq:
    rfq_id: RfqId
    expected_version: int | None


@dataclass(frozen=True)
class ProposeQuote:
    """Propose another quote than the selected one; the reason is shown on the approval card."""

    rfq_id: RfqId
    quote_id: QuoteId
    reason: str
    expected_version: int | None
