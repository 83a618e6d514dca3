"""Figures of vendors as the slice's functions pass them around; never a database row."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from core.vendor_scores.states import ScorePart

WEIGHTS = {ScorePart.on_time: 40, ScorePart.quality: 30, ScorePart.price: 20, ScorePart.response: 10}
"""What the total is made of; a part without enough facts is left out, and the others count more."""


@dataclass(frozen=True)
class PartFigure:
    """One part of a vendor with its interval; ``first`` is the day (a count) of the oldest of its ``n`` facts."""

    value: float
    low: float
    high: float
    n: int
    first: int


PartsOfVendors = Mapping[UUID, Mapping[ScorePart, PartFigure]]
"""Every vendor's parts at a moment, as far as there are facts."""
