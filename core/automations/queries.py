"""What a flow of n8n is told about an event beside its own data.

One rule: many events are answered by one statement, because a full log has thousands.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, and_, any_, bindparam, literal_column, select

from core.db.base import Id
from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.kernel.subjects import SubjectKind
from core.log.tables import audit_events, checkpoints
from core.orders.states import OrderState
from core.orders.tables import purchase_orders
from core.requests.tables import procurement_requests
from core.vendors.tables import vendors


@dataclass(frozen=True)
class OrderFacts:
    """The order that an event is about, as it is now."""

    state: OrderState
    issue_at: dt.datetime
    issued_at: dt.datetime | None
    vendor_name: str


@dataclass(frozen=True)
class FlowFacts:
    """The purchase's number, the order of an event about one, and the newest checkpoint, which n8n then keeps."""

    request_number: str | None
    order: OrderFacts | None
    checkpoint: str | None = None


NO_FACTS = FlowFacts(None, None)
_E, _O = audit_events.c, purchase_orders.c
_FACTS = Prebuilt(
    select(
        _E.id,
        procurement_requests.c.number,
        _O.state,
        _O.issue_at,
        _O.issued_at,
        vendors.c.name.label("vendor_name"),
        select(checkpoints.c.note)
        .order_by(checkpoints.c.size.desc())
        .limit(1)
        .scalar_subquery()
        .label("note"),
    )
    .select_from(audit_events)
    .outerjoin(procurement_requests, procurement_requests.c.id == _E.request_id)
    .outerjoin(
        purchase_orders,
        and_(_E.subject_kind == literal_column(f"'{SubjectKind.order}'"), _O.id == _E.subject_id),
    )
    .outerjoin(vendors, vendors.c.id == _O.vendor_id)
    .where(_E.id == any_(bindparam("events", type_=ARRAY(Id))))
)


async def flow_facts(connection: Connection, event_ids: Sequence[UUID]) -> Mapping[UUID, FlowFacts]:
    """By event; read for Parley itself, and given to a flow only as far as its payload needs."""
    rows = await connection.execute(_FACTS, {"events": event_ids})
    return {
        row.id: FlowFacts(
            row.number,
            OrderFacts(OrderState(row.state), row.issue_at, row.issued_at, row.vendor_name)
            if row.state is not None
            else None,
            row.note,
        )
        for row in rows
    }
