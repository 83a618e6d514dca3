"""Receipts as the slice's functions pass them around; never database rows."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from core.documents.model import Document
from core.kernel.ids import OrderId, PersonId
from core.receipts.commands import ReceivedLine


class ReceiptKind(StrEnum):
    receipt = "receipt"
    correction = "correction"
    goods_return = "return"


@dataclass(frozen=True)
class Receipt:
    """One entry of what arrived; a correction and a return are entries of their own, with negative counts."""

    id: UUID
    order_id: OrderId
    received_by: PersonId
    received_at: dt.datetime
    note: str
    lines: tuple[ReceivedLine, ...]
    kind: ReceiptKind = ReceiptKind.receipt
    corrects: UUID | None = None


@dataclass(frozen=True)
class ReceiptDetails:
    """A receipt with who recorded it and the files that belong to it."""

    receipt: Receipt
    received_by_name: str
    documents: tuple[Document, ...]
