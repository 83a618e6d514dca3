"""The command of split awards."""

from dataclasses import dataclass

from core.kernel.ids import QuoteId, RfqId, RfqLineId


@dataclass(frozen=True)
class AwardedLine:
    """Which quote gets a line; None leaves the line out, and it is not ordered."""

    rfq_line_id: RfqLineId
    quote_id: QuoteId | None


@dataclass(frozen=True)
class ProposeSplit:
    """Propose to order the lines from several vendors; the reason is shown on the approval card."""

    rfq_id: RfqId
    lines: tuple[AwardedLine, ...]
    reason: str
    expected_version: int | None
