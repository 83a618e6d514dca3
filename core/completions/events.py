"""What can happen to a quote that leaves lines out.

One rule: which lines have no price may be known while quotes are sealed; a price may not.
"""

from dataclasses import dataclass
from typing import ClassVar

from core.quotes.events import QuoteEvent


@dataclass(frozen=True, kw_only=True)
class QuoteLeftLinesOut(QuoteEvent):
    """Beside the quote itself, because its vendor is told of this one; ``missing`` are positions."""

    type: ClassVar[str] = "quote.left_lines_out"
    missing: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class CompletionAsked(QuoteEvent):
    """The officer asks this vendor, and no other, for the lines that have no price; ``missing`` are positions."""

    type: ClassVar[str] = "quote.completion_asked"
    missing: tuple[int, ...]
