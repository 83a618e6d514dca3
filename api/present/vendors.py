"""Vendors: read model to wire."""

from api.contract import vendors as wire
from api.contract.values import Listing
from core.kernel.page import Page
from core.vendors.model import Vendor


def vendor(of: Vendor) -> wire.VendorOut:
    return wire.VendorOut(
        id=of.id,
        name=of.name,
        category=of.category,
        currency=of.currency,
        country=of.country,
        state=of.state,
        contacts=tuple(
            wire.ContactOut(person_id=c.person_id, name=c.name, email=c.email, linked=c.linked)
            for c in of.contacts
        ),
    )


def vendors(page: Page[Vendor]) -> Listing[wire.VendorOut]:
    return Listing(items=tuple(vendor(item) for item in page.items), next_cursor=page.next_cursor)
