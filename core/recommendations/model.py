"""Who to ask and why, and what was bought before, as the slice's functions pass it around."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.kernel.ids import RequestId
from core.recommendations.method import PastLines
from core.standings.model import BelowBound
from core.vendors.model import Vendor


@dataclass(frozen=True)
class SuggestVendors:
    """For this request; ``text`` is in the vendor's name or category."""

    request_id: RequestId
    text: str | None = None


@dataclass(frozen=True)
class LookUpBought:
    """What somebody is about to ask for, line by line; ``besides``: the request whose own orders do not count."""

    items: tuple[str, ...]
    besides: RequestId | None = None


@dataclass(frozen=True, kw_only=True)
class VendorLines(PastLines[UUID]):
    """Past lines with the days of the first and the last of them."""

    first_on: dt.date
    last_on: dt.date


@dataclass(frozen=True)
class PastOrders:
    """What was found for each text asked for, and what each vendor's orders for the place count, faded."""

    found: Mapping[str, Sequence[VendorLines]]
    place: Mapping[UUID, float]


@dataclass(frozen=True)
class OrderedLine:
    """One line as it was ordered, for evaluations."""

    day: dt.date
    words: str
    vendor: UUID
    place: str
    order: UUID


@dataclass(frozen=True)
class Tie:
    """The vendor score that put one vendor before another that was alike, with what it rests on."""

    score: float
    n: int
    window_from: dt.date
    window_to: dt.date


@dataclass(frozen=True)
class Why:
    """Why a vendor is suggested. ``lines`` similar lines, ``here`` of them for the same cost centre, in the window.

    ``new_here``: it has had few orders, and its category is that of the others; ``lines`` are then all of its orders.
    """

    lines: int
    here: int
    cost_centre: str
    window_from: dt.date | None
    window_to: dt.date
    last_on: dt.date | None
    new_here: bool = False
    tie: Tie | None = None
    """None where no vendor score decided anything."""


@dataclass(frozen=True)
class SuggestedVendor:
    """``why`` None: it comes after those suggested, by name and category. ``warned``: its score is below a bound."""

    vendor: Vendor
    why: Why | None = None
    warned: BelowBound | None = None


@dataclass(frozen=True)
class Newcomer:
    """A vendor that may be asked and has had few orders."""

    id: UUID
    orders: int
    known_since: dt.date


@dataclass(frozen=True)
class BoughtBefore:
    """Earlier lines like one: how many, since when, and the last of them; its price is for one of its unit."""

    item: str
    lines: int
    window_from: dt.date
    window_to: dt.date
    last_item: str
    last_price: Decimal
    last_currency: str
    last_unit: str
    last_vendor: str
    last_order: str
    last_on: dt.date
