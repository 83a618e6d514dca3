"""The dashboard's numbers: sums by state, changed by the difference that each purchase makes.

    counted_purchases    what one purchase adds to the sums: the states of everything in it, as last counted
    status_projection    one row: the sums, and the log position up to which they are counted

One rule: whoever holds the row of the sums counts the purchases of the events between its position and theirs.

So every position is counted once and in order, a repeated or late delivery changes nothing, and a purchase's states
are read after the lock is held and therefore no older than the events that are counted. ``recount`` makes both tables
anew from the purchases themselves.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, text

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.automations.tables import flow_reports, status_projection
from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.log.tables import deliveries
from core.uow import Uow

EVENTS_AT_ONCE = 1_000
_S = status_projection.c
_DELIVERIES = select(
    select(func.count())
    .select_from(deliveries)
    .where(text("state IN ('parked', 'skipped')"), deliveries.c.state == "parked")
    .scalar_subquery(),
    select(func.count()).select_from(deliveries).where(text("state IN ('due', 'running')")).scalar_subquery(),
)
"""The states are written out, so that the indexes of these few rows are enough among millions that are done."""


def _states(condition: str = "") -> str:
    """Every state in these purchases: one row per thing, ``rfqs/open``; ``{key}`` is the request's id."""
    parts = (
        ("requests", "procurement_requests s", "s.id"),
        ("rfqs", "rfqs s", "s.request_id"),
        ("invitations", "rfq_invitations s JOIN rfqs r ON r.id = s.rfq_id", "r.request_id"),
        ("approvals", "approvals s", "s.request_id"),
        ("orders", "purchase_orders s", "s.request_id"),
    )
    return " UNION ALL ".join(
        f"SELECT {key} AS request_id, '{kind}/' || s.state AS state FROM {tables} {condition.format(key=key)}"
        for kind, tables, key in parts
    )


_SUMS = "SELECT coalesce(jsonb_object_agg(state, n), '{}') FROM"
_FIRST_ROW = text(
    "INSERT INTO status_projection (\"only\", position, counts, updated_at) VALUES (1, 0, '{}', :now)"
    " ON CONFLICT DO NOTHING"
)
_KNOWN = select(_S.position)
_LOCKED = _KNOWN.where(_S.position < bindparam("up_to")).with_for_update()
_TO_COUNT = Prebuilt(
    select(_KNOWN.scalar_subquery().label("known"), _LOCKED.scalar_subquery().label("counted"))
)
"""The position, and once more with the row locked if it is before ``up_to``; while it waits somebody may count on."""
_LOCK = Prebuilt(_KNOWN.with_for_update())
_COUNT = Prebuilt(
    text(
        f"""
        WITH touched AS MATERIALIZED (
          SELECT DISTINCT request_id FROM audit_events
          WHERE position > :after AND position <= :up_to AND request_id IS NOT NULL
        ),
        seen AS MATERIALIZED ({_states("WHERE {key} = ANY(ARRAY(SELECT request_id FROM touched))")}),
        before AS MATERIALIZED (
          SELECT state FROM counted_purchases, unnest(states) AS state
          WHERE request_id = ANY(ARRAY(SELECT request_id FROM touched))
        ),
        written AS (
          INSERT INTO counted_purchases (request_id, states)
          SELECT request_id, array_agg(state ORDER BY state) FROM seen GROUP BY request_id
          ON CONFLICT (request_id) DO UPDATE SET states = excluded.states
          WHERE counted_purchases.states <> excluded.states
        )
        UPDATE status_projection SET position = :up_to, updated_at = :now, counts = ({_SUMS} (
          SELECT state, sum(n) AS n FROM (
            SELECT key AS state, value::bigint AS n FROM jsonb_each_text(counts)
            UNION ALL SELECT state, 1 FROM seen
            UNION ALL SELECT state, -1 FROM before
          ) each GROUP BY state HAVING sum(n) <> 0
        ) sums)
        """
    )
)
_EVERY_PURCHASE = text(
    "INSERT INTO counted_purchases (request_id, states)"
    f" SELECT request_id, array_agg(state ORDER BY state) FROM ({_states()}) seen GROUP BY request_id"
)
_EVERY_SUM = text(
    f"""
    UPDATE status_projection SET updated_at = :now,
      position = (SELECT coalesce(max(position), 0) FROM audit_events),
      counts = ({_SUMS} (
        SELECT state, count(*) AS n FROM counted_purchases, unnest(states) AS state GROUP BY state
      ) sums)
    """
)


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
    counts = _by_kind(row.counts if row else {})
    parked, undelivered = (await uow.connection.execute(_DELIVERIES)).one()
    return DashboardStatus(
        requests=counts.get("requests", {}),
        rfqs=counts.get("rfqs", {}),
        approvals=counts.get("approvals", {}),
        orders=counts.get("orders", {}),
        waiting=_waiting(counts),
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
    """Count the purchases of every event up to this position that is not counted yet."""
    found = (await uow.connection.execute(_TO_COUNT, {"up_to": position})).one()
    if found.known is None:
        await uow.connection.execute(_FIRST_ROW, {"now": uow.now})
        found = (await uow.connection.execute(_TO_COUNT, {"up_to": position})).one()
    if found.counted is None:
        return
    for after in range(found.counted, position, EVENTS_AT_ONCE):
        up_to = min(after + EVENTS_AT_ONCE, position)
        await uow.connection.execute(_COUNT, {"after": after, "up_to": up_to, "now": uow.now})


@requires(Permission.dashboard_project)
async def recount(uow: Uow, actor: Actor) -> None:
    """Count every purchase anew; the events until now are then counted."""
    await uow.connection.execute(_FIRST_ROW, {"now": uow.now})
    await uow.connection.scalar(_LOCK)
    await uow.connection.execute(text("DELETE FROM counted_purchases"))
    await uow.connection.execute(_EVERY_PURCHASE)
    await uow.connection.execute(_EVERY_SUM, {"now": uow.now})


def _by_kind(sums: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """``{"rfqs/open": 3}`` as ``{"rfqs": {"open": 3}}``."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for name, count in sums.items():
        kind, _, state = name.partition("/")
        found[kind][state] = count
    return found


def _waiting(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """How much waits for whom, by the states."""

    def total(kind: str, *states: str) -> int:
        return sum(counts.get(kind, {}).get(state, 0) for state in states)

    return {
        "officer": total("requests", "submitted", "quoted") + total("orders", "change_proposed"),
        "approver": total("approvals", "pending"),
        "vendor": total("invitations", "sent", "seen") + total("orders", "issued"),
        "requester": total("orders", "acknowledged", "partly_received"),
    }
