"""In how many days a vendor delivers: what is usual for it, and by when four of five orders are there.

One rule: the width is the organisation's, never a thin vendor's own; it is measured on what was said and what came.

What is usual is the vendor's median, drawn towards the organisation's as by ``PULL`` orders more. The width is a
quantile of how much later than that the orders of the last year came (split conformal), so it covers as many as it says
as long as the next year is like the last one; ``covered`` measures whether it did.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.kernel.beta import Floats
from core.vendor_scores.method import Ints

WINDOW_DAYS = 1_095
MEASURED_DAYS = 365
PULL = 10.0
COVERS = 0.8
LEAST_ORDERS = 20
"""Of the organisation; with fewer nothing is said about anybody."""
CUT_DAYS = 30
"""What was said about an order is counted from what was known when its month began."""


@dataclass(frozen=True)
class LeadFacts:
    """Delivered orders, in the order of their delivery; days are counts."""

    vendor: Ints
    ordered: Ints
    delivered: Ints

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, int]] | Ints) -> "LeadFacts":
        """From vendor, day of the order and day of the delivery, in any order."""
        vendor, ordered, delivered = np.asarray(rows, dtype=np.int64).reshape(-1, 3).T
        order = np.lexsort((ordered, vendor, delivered))
        return cls(vendor[order], ordered[order], delivered[order])

    def delivered_by(self, day: int, within: int) -> "LeadFacts":
        """Those that were delivered in so many days up to this one."""
        first, last = np.searchsorted(self.delivered, (day - within, day + 1))
        return LeadFacts(self.vendor[first:last], self.ordered[first:last], self.delivered[first:last])


@dataclass(frozen=True)
class Residuals:
    """How much later than expected orders came, and on which day that was known."""

    known: Ints
    late: Floats


def expected_days(facts: LeadFacts, day: int, vendors: int) -> Floats:
    """What is usual on a day, per vendor; nothing (not a number) while the organisation has too few orders."""
    known = facts.delivered_by(day, WINDOW_DAYS)
    if len(known.vendor) < LEAST_ORDERS:
        return np.full(vendors, np.nan)
    lead = (known.delivered - known.ordered).astype(np.float64)
    by_vendor = np.lexsort((lead, known.vendor))
    counts = np.bincount(known.vendor, minlength=vendors)
    first = np.cumsum(counts) - counts
    there = counts > 0
    middle = np.zeros(vendors)
    ranked = lead[by_vendor]
    low = ranked[np.minimum(first + (counts - 1) // 2, len(lead) - 1)]
    high = ranked[np.minimum(first + counts // 2, len(lead) - 1)]
    middle[there] = ((low + high) / 2)[there]
    return np.asarray((counts * middle + PULL * np.median(lead)) / (counts + PULL), dtype=np.float64)


def residuals(facts: LeadFacts, vendors: int, *, since: int) -> Residuals:
    """Of the orders that were delivered since that day; each against what was said when it was ordered."""
    chosen = np.flatnonzero(facts.delivered > since)
    cuts = facts.ordered[chosen] // CUT_DAYS * CUT_DAYS
    said = np.full(len(chosen), np.nan)
    for cut in np.unique(cuts):
        of_cut = cuts == cut
        said[of_cut] = expected_days(facts, int(cut), vendors)[facts.vendor[chosen[of_cut]]]
    late = facts.delivered[chosen] - facts.ordered[chosen] - said
    there = ~np.isnan(said)
    return Residuals(facts.delivered[chosen][there], late[there])


def width_on(measured: Residuals, day: int) -> float | None:
    """How many days more than usual cover ``COVERS`` of the orders of the year before this day."""
    first, last = np.searchsorted(measured.known, (day - MEASURED_DAYS, day + 1))
    late = np.sort(measured.late[first:last])
    if len(late) < LEAST_ORDERS:
        return None
    rank = min(len(late), int(np.ceil((len(late) + 1) * COVERS)))
    return float(late[rank - 1])


def covered(measured: Residuals, day: int) -> float | None:
    """Of the orders of the last half year, the share that came within the width as it was before that half year."""
    middle = day - MEASURED_DAYS // 2
    width = width_on(measured, middle)
    first, last = np.searchsorted(measured.known, (middle + 1, day + 1))
    if width is None or last - first < LEAST_ORDERS:
        return None
    return float((measured.late[first:last] <= width).mean())
