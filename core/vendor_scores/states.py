"""What a vendor is measured by, and how much of it is enough."""

from enum import StrEnum

from core.insights.states import LEAST_RANKED as LEAST_RANKED


class ScorePart(StrEnum):
    """Each from 0 to 100, but for the days of delivery."""

    total = "total"
    on_time = "on_time"
    quality = "quality"
    response = "response"
    price = "price"
    delivery_days = "delivery_days"


LEAST_FACTS = 5
"""Fewer make no score."""
LEVEL = "level"
"""The reason that a vendor is told instead of its price's figures."""
