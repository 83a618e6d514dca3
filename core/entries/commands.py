"""The commands that enter for a vendor what it sent by mail or said on the phone."""

from dataclasses import dataclass

from core.kernel.ids import DocumentId, OrderId, RfqId, VendorId
from core.offers.commands import SubmitQuote


@dataclass(frozen=True)
class EnterQuote:
    """The quote's own documents are the evidence: the mail, the PDF, a note of the call."""

    vendor_id: VendorId
    quote: SubmitQuote


@dataclass(frozen=True)
class CheckEntry:
    rfq_id: RfqId
    vendor_id: VendorId


@dataclass(frozen=True)
class EnterAcknowledgement:
    order_id: OrderId
    note: str
    document_ids: tuple[DocumentId, ...]
    expected_version: int | None
