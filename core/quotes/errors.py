"""Refusals of quotes."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict


@dataclass(eq=False)
class QuoteNotEligible(Conflict):
    """Only a live, still valid quote for the present version of this RFQ can be proposed."""

    number: str
    why: str
    code: ClassVar[str] = "quotes.not_eligible"


@dataclass(eq=False)
class QuoteLapsed(Conflict):
    """The prices were binding until a day that is over; nobody orders at them any more."""

    number: str
    vendor: str
    day: dt.date
    code: ClassVar[str] = "quotes.lapsed"


@dataclass(eq=False)
class QuoteVendorOnHold(Conflict):
    """The vendor was put on hold after it quoted; nothing is ordered from it."""

    number: str
    vendor: str
    code: ClassVar[str] = "quotes.vendor_on_hold"


@dataclass(eq=False)
class OrderExists(Conflict):
    """There is an order already: what was approved is what is ordered."""

    number: str
    code: ClassVar[str] = "rfqs.decided"


@dataclass(eq=False)
class NothingToConfirm(Conflict):
    """The quote is already for the present version of the RFQ."""

    number: str
    code: ClassVar[str] = "quotes.nothing_to_confirm"
