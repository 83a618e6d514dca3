"""The commands about standings."""

from dataclasses import dataclass

from core.kernel.ids import VendorId
from core.standings.model import StandingBounds
from core.standings.states import StandingKind


@dataclass(frozen=True)
class SetBounds:
    """All three bounds, in the place of those before."""

    bounds: StandingBounds


@dataclass(frozen=True)
class OverrideStanding:
    """Let a vendor be asked, or get orders, in spite of its score."""

    vendor_id: VendorId
    kind: StandingKind
    reason: str
