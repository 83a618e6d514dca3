"""Converts vendors' links from read model to wire.

One rule: the address of a link is put together here and nowhere else.
"""

from collections.abc import Callable

from api.contract import vendor_links as wire
from core.vendor_links.model import NewVendorLink


def link_url(base_url: str, secret: str) -> str:
    """The address that opens a link."""
    return f"{base_url.rstrip('/')}/portal/link/{secret}"


def vendor_link(base_url: str) -> Callable[[NewVendorLink], wire.VendorLinkOut]:
    """A new link as the address that opens it."""

    def present(source: NewVendorLink) -> wire.VendorLinkOut:
        return wire.VendorLinkOut(
            id=source.id,
            url=link_url(base_url, source.secret),
            person_id=source.person_id,
            person_name=source.person_name,
            expires_at=source.expires_at,
        )

    return present
