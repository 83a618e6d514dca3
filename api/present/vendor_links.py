"""Converts vendors' links from read model to wire.

One rule: the address of a link is put together here and nowhere else.
"""

from collections.abc import Callable, Sequence

from api.contract import vendor_links as wire
from core.vendor_links.model import KnownLink, NewVendorLink


def link_url(base_url: str, secret: str) -> str:
    """The address that opens a link."""
    return f"{base_url.rstrip('/')}/portal/link/{secret}"


def known_links(found: Sequence[KnownLink]) -> wire.KnownLinksOut:
    return wire.KnownLinksOut(items=tuple(_known(each) for each in found))


def _known(source: KnownLink) -> wire.KnownLinkOut:
    return wire.KnownLinkOut(
        id=source.id,
        person_id=source.person_id,
        person_name=source.person_name,
        vendor_id=source.vendor_id,
        about_kind=source.about.kind.value,
        about_id=source.about.id,
        number=source.number,
        state=source.state,
        made_by_name=source.made_by_name,
        made_at=source.made_at,
        expires_at=source.expires_at,
        used_at=source.used_at,
        devices=tuple(
            wire.ContactDeviceOut(name=each.name, since=each.since, seen_at=each.seen_at)
            for each in source.devices
        ),
    )


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
