"""Refusals of the sourcing slice."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict, Refused


@dataclass(eq=False)
class RfqClosed(Conflict):
    """A closed RFQ takes no quote, revision, withdrawal of interest or no-bid."""

    number: str
    state: str
    closed_at: dt.datetime | None
    code: ClassVar[str] = "rfqs.closed"


@dataclass(eq=False)
class RfqAlreadyOpen(Conflict):
    """The request has an open RFQ already."""

    number: str
    code: ClassVar[str] = "rfqs.already_open"


@dataclass(eq=False)
class VendorOnHold(Refused):
    vendor: str
    code: ClassVar[str] = "rfqs.vendor_on_hold"


@dataclass(eq=False)
class QuoteNotEligible(Conflict):
    """Only a live, complete, still valid quote of this RFQ can be proposed."""

    number: str
    why: str
    code: ClassVar[str] = "quotes.not_eligible"


@dataclass(eq=False)
class OrderExists(Conflict):
    """The decision is made; what was approved is what is ordered."""

    number: str
    code: ClassVar[str] = "rfqs.decided"
