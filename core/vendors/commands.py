"""The commands of the vendor file."""

from dataclasses import dataclass

from core.kernel.ids import PersonId, VendorId


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
