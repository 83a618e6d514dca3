"""Orders of the past, copied from one that was really made, because a thousand real ones take minutes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert, select

from core.kernel.ids import new_id
from core.orders.tables import purchase_order_lines, purchase_orders
from core.quotes.tables import vendor_quotes
from core.uow import Uow


@dataclass(frozen=True)
class PastOrder:
    """One line that was ordered, of what, by which unit, at which price, and when."""

    description: str
    vendor_id: UUID
    price: Decimal
    at: dt.datetime
    unit: str = "pcs"
    currency: str = "USD"
    quantity: Decimal = Decimal(3)
    state: str = "completed"


async def remember(uow: Uow, like: UUID, past: Sequence[PastOrder]) -> None:
    """Write them, the oldest first; everything else is as in the order ``like``."""
    order = await _row(uow, purchase_orders, purchase_orders.c.id == like)
    line = await _row(uow, purchase_order_lines, purchase_order_lines.c.order_id == like)
    quote = await _row(uow, vendor_quotes, vendor_quotes.c.id == order["quote_id"])
    for each in past:
        order_id, quote_id = new_id(), new_id()
        number = order_id.hex[-18:]
        values = {"vendor_id": each.vendor_id, "currency": each.currency}
        await uow.connection.execute(
            insert(vendor_quotes).values(quote | values | {"id": quote_id, "number": number, "state": "lost"})
        )
        made = {
            "id": order_id,
            "number": number,
            "quote_id": quote_id,
            "state": each.state,
            "created_at": each.at,
        }
        split = {"split_award_id": new_id()}  # else a request has one order
        await uow.connection.execute(insert(purchase_orders).values(order | values | made | split))
        said = {"description": each.description, "unit": each.unit, "unit_price": each.price}
        counted = {"id": new_id(), "order_id": order_id, "quantity": each.quantity}
        await uow.connection.execute(insert(purchase_order_lines).values(line | said | counted))


async def _row(uow: Uow, table: Table, condition: Any) -> dict[str, Any]:
    row = (await uow.connection.execute(select(table).where(condition))).one()
    return {column.name: getattr(row, column.name) for column in table.columns}
