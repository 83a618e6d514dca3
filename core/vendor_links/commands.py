"""The commands of vendors' links.

One rule: secrets and codes pass through here as they were typed, and are stored as hashes only.
"""

from dataclasses import dataclass

from core.kernel.ids import LinkId, PersonId, VendorId
from core.vendor_links.model import LinkSubject


@dataclass(frozen=True)
class MakeVendorLink:
    """``person_id`` None: the vendor's first contact."""

    about: LinkSubject
    vendor_id: VendorId
    person_id: PersonId | None


@dataclass(frozen=True)
class RevokeVendorLink:
    link_id: LinkId


@dataclass(frozen=True)
class WantLink:
    """By the secret of a link that is over, or by the contact's address."""

    secret: str = ""
    email: str = ""


@dataclass(frozen=True)
class WantCode:
    """``ticket`` stays in the browser that asks: only there the code counts.

    ``running``: the ticket that it has already; while the code for that can be typed, no other is sent.
    """

    secret: str
    ticket: str
    running: str = ""


@dataclass(frozen=True)
class UseCode:
    secret: str
    ticket: str
    code: str
    device: str


@dataclass(frozen=True)
class NameColleague:
    """Somebody else who works for the same vendor; ``about`` is what their first link opens."""

    name: str
    email: str
    about: LinkSubject
