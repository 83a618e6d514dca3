"""Converts receipts between rows and models.

One rule: only this module knows how the columns are laid out.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from core.db.connection import Row
from core.kernel.ids import OrderId, OrderLineId, PersonId
from core.log.events import as_json
from core.receipts.commands import ReceivedLine
from core.receipts.model import Receipt, ReceiptKind


def receipt_columns(receipt: Receipt) -> dict[str, Any]:
    return {
        "id": receipt.id,
        "order_id": receipt.order_id,
        "received_by": receipt.received_by,
        "received_at": receipt.received_at,
        "note": receipt.note,
        "lines": as_json(receipt.lines),
        "kind": receipt.kind.value,
        "corrects": receipt.corrects,
    }


def receipt_of(row: Row) -> Receipt:
    """From its row, in which ``lines`` may be text: so they travel in an array."""
    lines = from_json(row.lines) if isinstance(row.lines, str) else row.lines
    return Receipt(
        row.id,
        OrderId(row.order_id),
        PersonId(row.received_by),
        row.received_at,
        row.note,
        tuple(
            ReceivedLine(
                OrderLineId(UUID(line["line_id"])), Decimal(line["accepted"]), Decimal(line["rejected"])
            )
            for line in lines
        ),
        ReceiptKind(row.kind),
        row.corrects,
    )
