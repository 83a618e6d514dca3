"""Refusals of the vendors slice."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict, Refused


@dataclass(eq=False)
class VendorExists(Conflict):
    """There is already a vendor with this name."""

    name: str
    code: ClassVar[str] = "vendors.exists"


@dataclass(eq=False)
class VendorOnHold(Refused):
    """The vendor is held from this; ``until`` is the hold's last day, if it has one."""

    vendor: str
    reason: str
    until: dt.date | None
    code: ClassVar[str] = "vendors.on_hold"


@dataclass(eq=False)
class VendorNotApproved(Refused):
    """The vendor's approval ended on this day, or was never given although the organisation wants one."""

    vendor: str
    day: dt.date | None
    code: ClassVar[str] = "vendors.not_approved"


@dataclass(eq=False)
class NotOnHold(Conflict):
    """There is no such hold to end."""

    vendor: str
    code: ClassVar[str] = "vendors.not_on_hold"


@dataclass(eq=False)
class HeldByScore(Conflict):
    """The hold follows from the vendor's score, so ending it needs a reason."""

    vendor: str
    code: ClassVar[str] = "vendors.held_by_score"
