"""Converts vendors from read model to wire."""

from api.contract import vendors as wire
from api.contract.values import Listing
from api.present.listing import listing
from core.kernel.pagination import Page
from core.vendors.model import Vendor


def vendor(source: Vendor) -> wire.VendorOut:
    return wire.VendorOut(
        id=source.id,
        name=source.name,
        category=source.category,
        currency=source.currency,
        country=source.country,
        state=source.state,
        contacts=tuple(
            wire.ContactOut(person_id=c.person_id, name=c.name, email=c.email, linked=c.linked)
            for c in source.contacts
        ),
    )


def vendors(page: Page[Vendor]) -> Listing[wire.VendorOut]:
    return listing(page, vendor, lambda row: row)
