"""Converts the lines of quotes between rows and models.

One rule: only this module knows how the columns are laid out.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from core.db.connection import Row
from core.kernel.ids import RfqLineId
from core.offers.model import Alternative, QuoteLine
from core.offers.tables import quote_lines

_L = quote_lines.c
COLUMNS = (
    _L.id,
    _L.rfq_line_id,
    _L.unit_price,
    _L.lead_time_days,
    _L.no_bid,
    _L.alternative,
    _L.alternative_price,
    _L.alternative_days,
    _L.alternative_note,
)
"""In the order in which ``line_of`` takes them."""


def line_of(
    id: UUID,
    rfq_line_id: UUID,
    unit_price: Decimal | None,
    lead_time_days: int | None,
    no_bid: bool,
    *other: Any,
) -> QuoteLine:
    """The line from its columns; ``other`` are those of the alternative."""
    alternative = Alternative(*other) if other[0] is not None else None
    return QuoteLine(id, RfqLineId(rfq_line_id), unit_price, lead_time_days, no_bid, alternative)


def lines_of(found: Iterable[Row]) -> dict[UUID, list[QuoteLine]]:
    """By quote."""
    lines: dict[UUID, list[QuoteLine]] = {}
    for row in found:
        line = line_of(*(getattr(row, column.key) for column in COLUMNS))
        lines.setdefault(row.quote_id, []).append(line)
    return lines


def line_columns(quote_id: UUID, line: QuoteLine) -> dict[str, Any]:
    """The columns of ``quote_lines``."""
    other = line.alternative
    return {
        "id": line.id,
        "quote_id": quote_id,
        "rfq_line_id": line.rfq_line_id,
        "unit_price": line.unit_price,
        "lead_time_days": line.lead_time_days,
        "no_bid": line.no_bid,
        "alternative": other.description if other else None,
        "alternative_price": other.unit_price if other else None,
        "alternative_days": other.lead_time_days if other else None,
        "alternative_note": other.note if other else None,
    }
