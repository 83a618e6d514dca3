"""Reads vendors' names, and whether there is anything to score."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, select

from core.db.connection import Connection
from core.orders.tables import purchase_orders
from core.vendors.tables import vendors

MOST_LISTED = 500
"""Vendors on one list of scores."""


async def vendor_name(connection: Connection, vendor_id: UUID) -> str:
    return str(await connection.scalar(select(vendors.c.name).where(vendors.c.id == vendor_id)))


async def vendor_names(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, str]:
    found = await connection.execute(select(vendors.c.id, vendors.c.name).where(vendors.c.id.in_(list(ids))))
    return {row.id: row.name for row in found}


async def any_order(connection: Connection) -> bool:
    """Whether an order was made at all."""
    return bool(await connection.scalar(select(exists(select(purchase_orders.c.id)))))
