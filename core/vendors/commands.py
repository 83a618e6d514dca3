"""The commands of the vendor file."""

import datetime as dt
from dataclasses import dataclass

from core.kernel.ids import PersonId, VendorId
from core.vendors.model import HoldKind


@dataclass(frozen=True)
class NewContact:
    name: str
    email: str
    locale: str


@dataclass(frozen=True)
class CreateVendor:
    name: str
    category: str
    currency: str
    country: str
    contact: NewContact


@dataclass(frozen=True)
class LinkContact:
    """``person_id`` None: the vendor's first contact."""

    vendor_id: VendorId
    person_id: PersonId | None


@dataclass(frozen=True)
class AddContact:
    vendor_id: VendorId
    contact: NewContact


@dataclass(frozen=True)
class EditVendor:
    """The new values; a field that ``named`` does not contain stays as it is."""

    vendor_id: VendorId
    named: frozenset[str]
    expected_version: int | None
    name: str = ""
    category: str = ""
    currency: str = ""
    country: str = ""


@dataclass(frozen=True)
class ApproveVendor:
    """``until`` is the last day on which the approval counts."""

    vendor_id: VendorId
    until: dt.date


@dataclass(frozen=True)
class HoldVendor:
    vendor_id: VendorId
    kind: HoldKind
    reason: str
    until: dt.date | None


@dataclass(frozen=True)
class ReleaseVendor:
    vendor_id: VendorId
    kind: HoldKind


@dataclass(frozen=True)
class SetCategories:
    """The whole list; an empty one lets vendors have any category."""

    names: tuple[str, ...]
