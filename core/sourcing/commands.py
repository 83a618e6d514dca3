"""The command that asks vendors."""

import datetime as dt
from dataclasses import dataclass

from core.kernel.ids import DocumentId, RequestId, VendorId


@dataclass(frozen=True)
class SendRfq:
    request_id: RequestId
    vendor_ids: tuple[VendorId, ...]
    quote_by: dt.datetime
    note: str
    document_ids: tuple[DocumentId, ...] = ()
    """The officer's own uploads."""
    files: tuple[DocumentId, ...] = ()
    """Those of the request's files that the vendors get."""
