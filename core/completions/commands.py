"""The command that asks a vendor for the lines that its quote leaves out."""

from dataclasses import dataclass

from core.kernel.ids import QuoteId, RfqId


@dataclass(frozen=True)
class AskToComplete:
    rfq_id: RfqId
    quote_id: QuoteId
    expected_version: int | None
