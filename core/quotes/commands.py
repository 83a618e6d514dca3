"""The commands of vendors about quotes."""

from dataclasses import dataclass

from core.kernel.ids import QuoteId, RfqId


@dataclass(frozen=True)
class DeclineRfq:
    rfq_id: RfqId
    reason: str


@dataclass(frozen=True)
class WithdrawQuote:
    quote_id: QuoteId
    reason: str | None
    expected_version: int | None
