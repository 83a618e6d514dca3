"""The dashboard's numbers: counted from the tables, stored as one row, refreshed by the dashboard subscriber."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Table, func, select, text
from sqlalchemy.dialects.postgresql import insert

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.approvals.tables import approvals
from core.automations.tables import flow_reports, status_projection
from core.db.connection import Connection
from core.log.tables import audit_events, deliveries
from core.orders.tables import purchase_orders
from core.requests.tables import procurement_requests
from core.rfqs.tables import rfq_invitations, rfqs
from core.uow import Uow

_S = status_projection.c
_DELIVERIES = select(
    select(func.count())
    .select_from(deliveries)
    .where(text("state IN ('parked', 'skipped')"), deliveries.c.state == "parked")
    .scalar_subquery(),
    select(func.count()).select_from(deliveries).where(text("state IN ('due', 'running')")).scalar_subquery(),
)
"""The states are written out, so that the indexes of these few rows are enough among millions that are done."""


@dataclass(frozen=True)
class DashboardStatus:
    """Counts by state, how much waits for whom, and the log position that was counted up to."""

    requests: Mapping[str, int]
    rfqs: Mapping[str, int]
    approvals: Mapping[str, int]
    orders: Mapping[str, int]
    waiting: Mapping[str, int]
    parked: int
    undelivered: int
    position: int
    automations: tuple[Mapping[str, object], ...]


@requires(Permission.dashboard_read)
async def dashboard_status(uow: Uow, actor: Actor) -> DashboardStatus:
    """The numbers as last projected, with the deliveries that are parked right now."""
    row = (await uow.connection.execute(select(status_projection))).one_or_none()
    counts = row.counts if row else {}
    parked, undelivered = (await uow.connection.execute(_DELIVERIES)).one()
    return DashboardStatus(
        requests=counts.get("requests", {}),
        rfqs=counts.get("rfqs", {}),
        approvals=counts.get("approvals", {}),
        orders=counts.get("orders", {}),
        waiting=counts.get("waiting", {}),
        parked=parked,
        undelivered=undelivered,
        position=row.position if row else 0,
        automations=await _reports(uow.connection),
    )


async def _reports(connection: Connection) -> tuple[Mapping[str, object], ...]:
    """The latest reports of the flows."""
    report = flow_reports.c
    rows = await connection.execute(
        select(report.event_id, report.status, report.detail, report.execution_id, report.reported_at)
        .order_by(report.reported_at.desc())
        .limit(20)
    )
    return tuple(dict(row) for row in rows)


@requires(Permission.dashboard_project)
async def update_projection(uow: Uow, actor: Actor, position: int) -> None:
    """Count again, unless this position has been counted already."""
    done = await uow.connection.scalar(select(_S.position))
    if done is not None and done >= position:
        return
    sealed = await uow.connection.scalar(select(func.max(audit_events.c.position)))
    values = {"position": sealed or 0, "counts": await _counts(uow.connection), "updated_at": uow.now}
    await uow.connection.execute(
        insert(status_projection)
        .values(only=1, **values)
        .on_conflict_do_update(index_elements=["only"], set_=values)
    )


async def _counts(connection: Connection) -> dict[str, dict[str, int]]:
    requests = await _by_state(connection, procurement_requests)
    waiting_approvals = await _by_state(connection, approvals)
    orders = await _by_state(connection, purchase_orders)
    invitations = await _by_state(connection, rfq_invitations)
    return {
        "requests": requests,
        "rfqs": await _by_state(connection, rfqs),
        "approvals": waiting_approvals,
        "orders": orders,
        "waiting": {
            "officer": requests.get("submitted", 0) + requests.get("quoted", 0),
            "approver": waiting_approvals.get("pending", 0),
            "vendor": invitations.get("sent", 0) + invitations.get("seen", 0) + orders.get("issued", 0),
            "requester": orders.get("acknowledged", 0) + orders.get("partly_received", 0),
        },
    }


async def _by_state(connection: Connection, table: Table) -> dict[str, int]:
    rows = await connection.execute(select(table.c.state, func.count()).group_by(table.c.state))
    return dict(rows)
