"""The figures of the method, for the runs that name them; light, because every process may read them."""

from core.insights.model import Figures
from core.vendor_facts.policy import WINDOW_DAYS

VERSION = "1"
POINTS_PER_PERCENT = 2.0
"""What each percent above the best other quote costs of 100 points."""
ORGANISATION_DAYS = 730
ORGANISATION_PULL = 1.0
ORGANISATION_START = 0.1
"""The mean of an organisation without a fact."""
VENDOR_HALF_LIFE, VENDOR_PULL = 180.0, 5.0
PLACE_HALF_LIVES, PLACE_PULLS = (720.0, 90.0), (5.0, 10.0)
"""What a place usually is, and then what it has been lately."""
TREND_DAYS = 90
"""A score is compared with what it was so many days before."""
PARAMETERS: Figures = {
    "window_days": WINDOW_DAYS,
    "vendor_half_life": VENDOR_HALF_LIFE,
    "vendor_pull": VENDOR_PULL,
    "place_half_life": PLACE_HALF_LIVES[0],
    "place_half_life_lately": PLACE_HALF_LIVES[1],
    "place_pull": PLACE_PULLS[0],
    "place_pull_lately": PLACE_PULLS[1],
    "trend_days": TREND_DAYS,
}
