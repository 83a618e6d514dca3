"""A vendor as the slice's functions pass it around."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from core.db.pages import PageQuery
from core.kernel.ids import PersonId, VendorId
from core.vendors.states import VendorState


@dataclass(frozen=True)
class VendorContact:
    person_id: PersonId
    name: str
    email: str | None
    linked: bool


class HoldKind(StrEnum):
    """What a vendor is held from: RFQs, orders, or both."""

    rfq = "rfq"
    order = "order"
    everything = "everything"


@dataclass(frozen=True)
class Hold:
    """``until`` is the last day on which it counts; None: until somebody ends it.

    ``by_score``: held by the bounds of ``core/standings``, and ended by an override or a better score.
    """

    kind: HoldKind
    reason: str
    until: dt.date | None
    by_score: bool = False

    def counts_on(self, day: dt.date) -> bool:
        return self.until is None or self.until >= day


@dataclass(frozen=True)
class Standing:
    """What decides whether a vendor may be asked and may get orders.

    ``approved_until`` None: no approval was recorded, which counts only where the organisation wants one.
    """

    name: str
    approved_until: dt.date | None
    holds: tuple[Hold, ...]


@dataclass(frozen=True)
class Vendor:
    id: VendorId
    name: str
    category: str
    currency: str
    country: str
    contacts: tuple[VendorContact, ...] = ()
    approved_until: dt.date | None = None
    holds: tuple[Hold, ...] = ()
    state: VendorState = VendorState.active
    version: int = 1

    @property
    def standing(self) -> Standing:
        return Standing(self.name, self.approved_until, self.holds)


@dataclass(frozen=True)
class VendorFilter:
    """``q`` is in the name or the category."""

    q: str | None
    category: str | None
    page: PageQuery
    state: VendorState | None = None
    country: str | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Categories:
    """What vendors' categories are chosen from, by name."""

    names: tuple[str, ...]
