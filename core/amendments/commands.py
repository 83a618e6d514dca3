"""The commands that change an RFQ after it was sent."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.kernel.ids import DocumentId, QuoteId, RfqId, RfqLineId, VendorId


@dataclass(frozen=True)
class MoveDeadline:
    rfq_id: RfqId
    quote_by: dt.datetime
    expected_version: int | None


@dataclass(frozen=True)
class AddVendors:
    rfq_id: RfqId
    vendor_ids: tuple[VendorId, ...]
    expected_version: int | None


@dataclass(frozen=True)
class LineCorrection:
    """What one line says from now on; None leaves a value as it is."""

    rfq_line_id: RfqLineId
    description: str | None
    quantity: Decimal | None
    unit: str | None


@dataclass(frozen=True)
class CorrectRfq:
    """A new version: other words, other quantities, more files; None leaves the note as it is."""

    rfq_id: RfqId
    note: str | None
    lines: tuple[LineCorrection, ...]
    document_ids: tuple[DocumentId, ...]
    expected_version: int | None
    files: tuple[DocumentId, ...] = ()
    """Those of the request's files that the vendors get as well."""

    @property
    def brings_files(self) -> bool:
        return bool(self.document_ids or self.files)


@dataclass(frozen=True)
class CancelRfq:
    rfq_id: RfqId
    reason: str
    expected_version: int | None


@dataclass(frozen=True)
class ConfirmQuote:
    quote_id: QuoteId
    expected_version: int | None
