"""A vendor as the slice's functions pass it around."""

from dataclasses import dataclass

from core.kernel.ids import PersonId, VendorId


@dataclass(frozen=True)
class VendorContact:
    person_id: PersonId
    name: str
    email: str | None
    linked: bool


@dataclass(frozen=True)
class Vendor:
    id: VendorId
    name: str
    category: str
    currency: str
    country: str
    state: str
    contacts: tuple[VendorContact, ...]
