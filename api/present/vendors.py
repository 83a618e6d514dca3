"""Converts vendors from read model to wire."""

from api.contract import vendors as wire
from api.contract.values import Listing
from api.present.listing import listing
from core.kernel.pagination import Page
from core.vendors.model import Categories, Vendor


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
        approved_until=source.approved_until,
        holds=tuple(
            wire.HoldOut(kind=hold.kind.value, reason=hold.reason, until=hold.until, by_score=hold.by_score)
            for hold in source.holds
        ),
        version=source.version,
    )


def vendors(page: Page[Vendor]) -> Listing[wire.VendorOut]:
    return listing(page, vendor, lambda row: row)


def categories(source: Categories) -> wire.CategoriesOut:
    return wire.CategoriesOut(names=source.names)
