"""Bounds on vendors' scores and what follows from them, on the wire.

One rule: a score is told with its n, its window and its run.
"""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.values import InputModel, Moment, OutputModel, Reason
from core.standings.states import StandingKind as StandingKind

Bound = Annotated[int, Field(ge=1, le=100, examples=[50])]


class StandingBoundsIn(InputModel):
    """Below which total a vendor is warned of, not asked, or gets no orders; null: nothing follows."""

    warn: Bound | None = None
    rfq: Bound | None = None
    order: Bound | None = None


class StandingBoundsOut(OutputModel):
    warn: int | None
    rfq: int | None
    order: int | None


class OverrideStandingIn(InputModel):
    """Why the vendor may be asked, or get orders, in spite of its score."""

    kind: StandingKind
    reason: Reason


class VendorStandingOut(OutputModel):
    """A vendor below a bound: the score as it was then. With a ``reason`` it is overridden, and nothing follows."""

    vendor_id: UUID
    vendor_name: str
    kind: StandingKind
    bound: int
    value: float
    n: int
    window_from: dt.date
    window_to: dt.date
    run_id: UUID
    since: Moment
    overridden_at: Moment | None
    reason: str | None


class StandingsOut(OutputModel):
    bounds: StandingBoundsOut
    vendors: tuple[VendorStandingOut, ...]
