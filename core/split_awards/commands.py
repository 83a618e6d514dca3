"""The command of split awards."""

from dataclasses import dataclass

from core.kernel.ids import QuoteId, RfqId, RfqLineId


@dataclass(frozen=True)
class AwardedLine:
    """Which quote gets a line."""

    rfq_line_id: RfqLineId
    quote_id: QuoteId


@dataclass(frozen=True)
class ProposeSplit:
    """Propose to order the lines from several vendors; the reason is shown on the approval card.

    ``left_out``: the lines that are not ordered from anybody.
    """

    rfq_id: RfqId
    lines: tuple[AwardedLine, ...]
    left_out: tuple[RfqLineId, ...]
    reason: str
    expected_version: int | None
