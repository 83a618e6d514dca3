"""Vendors' scores on the wire.

One rule: no figure without how many facts it rests on and from which days.
"""

import datetime as dt
from uuid import UUID

from api.contract.values import Moment, OutputModel
from core.vendor_scores.states import ScorePart as ScorePart

FactOut = str | int | float | None


class ScoreReasonOut(OutputModel):
    """One thing that a score rests on: what it is, and its figures."""

    code: str
    facts: dict[str, FactOut]


class ScoredPartOut(OutputModel):
    """0 to 100, or days. ``value`` is null where ``n`` facts are too few; 80 of 100 times it is within low and high.

    A vendor reads its own total in steps of five, and of its price no value but the reason ``level``: ``best``,
    ``near`` or ``above`` the best other quotes.
    """

    part: ScorePart
    value: float | None
    low: float | None
    high: float | None
    n: int
    window_from: dt.date
    window_to: dt.date
    reasons: tuple[ScoreReasonOut, ...] = ()


class HereOut(ScoredPartOut):
    """The vendor's punctuality at the cost centre of the purchase."""

    cost_centre: str


class VendorScoreOut(OutputModel):
    """A vendor's score. It sorts and informs, and decides nothing.

    ``ranked`` is false where too few lines came or were due to compare the vendor with others; ``stale`` once it is
    older than 48 hours. Beside a purchase, ``warned_below`` is the bound of a warning, and ``here`` its punctuality at
    the cost centre, where that clearly differs from the rest.
    """

    vendor_id: UUID
    vendor_name: str
    total: ScoredPartOut
    parts: tuple[ScoredPartOut, ...]
    ranked: bool
    computed_at: Moment
    stale: bool
    run_id: UUID
    warned_below: int | None = None
    here: HereOut | None = None
