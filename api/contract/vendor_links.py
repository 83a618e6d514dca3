"""Links with which a vendor's contact opens an RFQ or an order without an account, on the wire."""

from uuid import UUID

from api.contract.values import InputModel, Moment, OutputModel


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
