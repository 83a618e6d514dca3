"""The command of split awards."""

from dataclasses import dataclass

from core.kernel.ids import QuoteId, RfqId, RfqLineId


@dataclass(frozen=True)
class AwardedLine:
    """Which quote gets a line; ``alternative``: with what that quote offers in its place."""

    rfq_line_id: RfqLineId
    quote_id: QuoteId
    alternative: bool = False


@dataclass(frozen=True)
class ProposeSplit:
    """Propose line by line what is ordered from whom; the reason is shown on the approval card.

    ``left_out``: the lines that are not ordered from anybody.
    """

    rfq_id: RfqId
    lines: tuple[AwardedLine, ...]
    left_out: tuple[RfqLineId, ...]
    reason: str
    expected_version: int | None
