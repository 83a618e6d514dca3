"""Bounds and what follows from them, as the slice's functions pass them around."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from core.kernel.ids import VendorId
from core.standings.states import StandingKind, StandingStep


@dataclass(frozen=True)
class StandingBounds:
    """Below which total (1 to 100) what follows; None: nothing does."""

    warn: int | None = None
    rfq: int | None = None
    order: int | None = None


@dataclass(frozen=True)
class BelowBound:
    """The score that is below a bound, with what it rests on."""

    vendor_id: VendorId
    kind: StandingKind
    bound: int
    value: float
    n: int
    window_from: dt.date
    window_to: dt.date
    run_id: UUID


@dataclass(frozen=True)
class StandingChange:
    """What is due for a vendor; ``below`` None: it ends."""

    vendor_id: VendorId
    kind: StandingKind
    step: StandingStep
    below: BelowBound | None = None


@dataclass(frozen=True)
class VendorStanding:
    """What a vendor's score led to; ``reason`` is of whoever overrode it, and then nothing follows."""

    below: BelowBound
    since: dt.datetime
    vendor_name: str
    reason: str | None
    overridden_at: dt.datetime | None


@dataclass(frozen=True)
class Standings:
    """The bounds, and the vendors below them."""

    bounds: StandingBounds
    vendors: tuple[VendorStanding, ...]
