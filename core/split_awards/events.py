"""What happens to split awards."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from core.rfqs.events import RfqEvent


@dataclass(frozen=True, kw_only=True)
class SplitProposed(RfqEvent):
    """``shares`` are the quotes that get lines, each with how many; the RFQ is closed, so it may name the sum.

    ``alternatives``: of how many lines something else is ordered than was asked for.
    """

    type: ClassVar[str] = "rfq.split_proposed"
    split_award_id: UUID
    shares: Mapping[str, int]
    left_out: int
    total: Decimal
    currency: str
    reason: str
    alternatives: int = 0


@dataclass(frozen=True, kw_only=True)
class SplitReduced(RfqEvent):
    """An order of a split award has ended with nothing kept; its lines are not bought, while the others go on."""

    type: ClassVar[str] = "rfq.split_reduced"
    order: str
    vendor: str
    lines: tuple[str, ...]
    reason: str
