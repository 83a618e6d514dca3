"""Converts an order's earlier versions between rows and models.

One rule: only this module knows how their content is stored.
"""

import datetime as dt
from typing import Any

from pydantic import TypeAdapter

from core.db.connection import Row
from core.log.events import as_json
from core.order_changes.model import Revision, RevisionLine
from core.orders.model import Order

_REVISION = TypeAdapter(Revision)


def revision_columns(order: Order, replaced_at: dt.datetime) -> dict[str, Any]:
    """The order's present terms, as they are kept once the next ones hold."""
    return {
        "order_id": order.id,
        "revision": order.revision,
        "content": as_json(present_revision(order)),
        "replaced_at": replaced_at,
    }


def present_revision(order: Order) -> Revision:
    lines = tuple(
        RevisionLine(
            line.id, line.description, line.unit, line.quantity, line.unit_price, line.lead_time_days
        )
        for line in order.lines
    )
    return Revision(order.revision, order.total, order.due_on, lines)


def revision_of(row: Row) -> Revision:
    return _REVISION.validate_python({**row.content, "until": row.replaced_at})
