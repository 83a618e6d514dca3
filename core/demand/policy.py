"""What a request for the next quarter would say: pure rules."""

import datetime as dt
import math
from decimal import ROUND_CEILING, Decimal

from core.demand.model import LEAD, REORDER, Ahead, DemandDraft, KnownDemand


def month_before(month: dt.date, count: int) -> dt.date:
    """The first day of the month so many months earlier."""
    years, index = divmod(month.year * 12 + month.month - 1 - count, 12)
    return dt.date(years, index + 1, 1)


def drafted(known: KnownDemand, today: dt.date, currency: str) -> DemandDraft | None:
    """The middle of the quarter's range, or its high end when that is nothing; None without a range."""
    quarter = known.score(Ahead.quarter)
    if known.item is None or quarter.value is None or not quarter.high:
        return None
    return DemandDraft(
        whole_up(quarter.value or quarter.high),
        _deliverable(known, today),
        known.item.price,
        currency,
    )


def whole_up(value: float) -> Decimal:
    """The next whole number, at least 1."""
    return max(Decimal(1), Decimal(str(value)).to_integral_value(rounding=ROUND_CEILING))


def _deliverable(known: KnownDemand, today: dt.date) -> dt.date | None:
    reorder = known.scores.get(REORDER)
    reasons = reorder.reasons if reorder is not None else ()
    days = next((each.facts.get("days") for each in reasons if each.code == LEAD), None)
    return today + dt.timedelta(days=math.ceil(days)) if isinstance(days, int | float) else None
