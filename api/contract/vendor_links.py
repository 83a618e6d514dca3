"""Links with which a vendor's contact opens an RFQ or an order without an account, on the wire."""

from typing import Literal
from uuid import UUID

from api.contract.values import InputModel, Moment, OutputModel
from core.vendor_links.states import LinkState as LinkState


class VendorLinkIn(InputModel):
    """``person_id``: which of the vendor's contacts; the first one when it is left out."""

    vendor_id: UUID
    person_id: UUID | None = None


class VendorLinkOut(OutputModel):
    """``url`` is shown once; a new link ends the contact's earlier ones to the same."""

    id: UUID
    url: str
    person_id: UUID
    person_name: str
    expires_at: Moment


class ContactDeviceOut(OutputModel):
    """A browser in which the contact may act now, by any of their links."""

    name: str
    since: Moment
    seen_at: Moment


class KnownLinkOut(OutputModel):
    """A link as it stands: ``used_at`` is when a browser was let in last by its code.

    Who only looks leaves no trace, because mail scanners look too.
    """

    id: UUID
    person_id: UUID
    person_name: str
    vendor_id: UUID
    about_kind: Literal["rfq", "order"]
    about_id: UUID
    number: str
    state: LinkState
    made_by_name: str | None
    """Null: it went out with a mail."""
    made_at: Moment
    expires_at: Moment
    used_at: Moment | None
    devices: tuple[ContactDeviceOut, ...]


class KnownLinksOut(OutputModel):
    """The newest first, at most 200."""

    items: tuple[KnownLinkOut, ...]
