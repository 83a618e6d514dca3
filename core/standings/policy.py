"""What bounds and reasons must be, and how a hold says why; pure."""

from core.insights.policy import check_reason
from core.kernel.errors import invalid
from core.standings.model import BelowBound, StandingBounds
from core.standings.states import StandingKind
from core.vendors.model import HoldKind

HIGHEST = 100
HOLDS = {StandingKind.rfq: HoldKind.rfq, StandingKind.order: HoldKind.order}
"""A warning holds from nothing."""

__all__ = ["HOLDS", "check_bounds", "check_reason", "why_held"]


def check_bounds(bounds: StandingBounds) -> None:
    """Each from 1 to 100: nobody is below 0, and everybody below more than 100."""
    for kind in StandingKind:
        bound = getattr(bounds, kind.value)
        if bound is not None and not 1 <= bound <= HIGHEST:
            why = f"must be 1 to {HIGHEST}"
            if bound > HIGHEST:
                raise invalid(f"/{kind.value}", "less_than_equal", why, "50", le=HIGHEST)
            raise invalid(f"/{kind.value}", "greater_than_equal", why, "50", ge=1)


def why_held(below: BelowBound) -> str:
    """Figures alone, which read alike in every language: the score and its bound, n, and the window."""
    days = f"{below.window_from.isoformat()} – {below.window_to.isoformat()}"
    return f"{int(below.value)}/{HIGHEST} < {below.bound}; n = {below.n}; {days}"
