"""Requests of past months, as if people had made them then; and a forecast as the clock and a worker make one.

One rule: rows are written past the foreign keys; a test of demand reads only what demand reads.
"""

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import bindparam, update

from core.access.actor import Actor
from core.access.roles import Role
from core.demand import service
from core.demand.model import DemandInputs
from core.forecasts.run_scores import work_out
from core.insights import repo as runs
from core.insights import service as insights
from core.insights.model import InsightRun
from core.insights.pieces import collect_all
from core.insights.service import RunOutcome
from core.insights.states import Feature
from core.insights.tables import ml_runs
from core.kernel.words import normalised
from core.uow import Uow
from tests.support.postgres import Database
from tests.support.world import World

INSIGHTS = Actor.system(Role.system_insights)


def month_back(world: World, back: int) -> dt.date:
    """The first day of the month so many months ago."""
    here = world.today.year * 12 + world.today.month - 1 - back
    return dt.date(here // 12, here % 12 + 1, 1)


async def a_need(
    database: Database,
    written: str,
    quantity: str,
    on: dt.date,
    *,
    unit: str = "pcs",
    state: str = "completed",
) -> tuple[UUID, UUID]:
    """A request for this by this day, two weeks before; its id and its line's."""
    await database.hand.execute("SET session_replication_role = replica")
    request, line = uuid4(), uuid4()
    at = dt.datetime.combine(on, dt.time(9), dt.UTC) - dt.timedelta(days=14)
    await database.hand.execute(
        "INSERT INTO procurement_requests (id, number, state, version, requested_by, cost_centre, currency, note,"
        " needed_by, created_at, updated_at) VALUES ($1, $2, $3, 1, $1, 'IT', 'USD', '', $4, $5, $5)",
        *(request, f"REQ-{uuid4().hex[:8].upper()}", state, on, at),
    )
    await database.hand.execute(
        "INSERT INTO request_lines (id, request_id, position, description, quantity, unit, words, asked_at)"
        " VALUES ($1, $2, 1, $3, $4, $5, $6, $7)",
        *(line, request, written, Decimal(quantity), unit, normalised(written), at),
    )
    return request, line


async def an_order(
    database: Database, need: tuple[UUID, UUID], vendor: UUID, on: dt.date, *, days: int, price: str = "20"
) -> None:
    """The same, ordered from a vendor on a day and received so many days later."""
    request, line = need
    order, at = uuid4(), dt.datetime.combine(on, dt.time(10), dt.UTC)
    await database.hand.execute(
        "INSERT INTO approvals (id, subject_kind, subject_id, subject_version, request_id, requested_by, state,"
        " version, amount, currency, amount_base, base_currency, routed_base, title, vendor_name, cost_centre,"
        " excluded, policy_version, policy_tier, opened_at) VALUES ($1, 'quote', $1, 1, $2, $1, 'approved', 1, 100,"
        " 'USD', 100, 'USD', 100, '', '', 'IT', '{}', 1, '{}', $3)",
        *(order, request, at),
    )
    await database.hand.execute(
        "INSERT INTO purchase_orders (id, number, state, version, request_id, quote_id, approval_id, vendor_id,"
        " requested_by, cost_centre, currency, shipping, total, due_on, created_at, issue_at, issued_at)"
        " VALUES ($1::uuid, right($1::uuid::text, 20), 'completed', 1, $2, $1, $1, $3, $1, 'IT', 'USD', 0, 100, $4,"
        " $5, $5, $5)",
        *(order, request, vendor, on, at),
    )
    await database.hand.execute(
        "INSERT INTO purchase_order_lines (id, order_id, request_line_id, position, description, unit, unit_price,"
        " quantity, lead_time_days) VALUES ($1, $1, $2, 1, 'x', 'pcs', $3, 1, 1)",
        *(order, line, Decimal(price)),
    )
    lines = json.dumps([{"line_id": str(order), "accepted": "1", "rejected": "0"}])
    await database.hand.execute(
        "INSERT INTO receipts (id, order_id, received_by, received_at, note, lines, kind)"
        " VALUES ($1, $1, $1, $2, '', $3, 'receipt')",
        *(order, at + dt.timedelta(days=days), lines),
    )


async def needs(
    database: Database, world: World, written: str, quantities: Sequence[int], *, unit: str = "pcs"
) -> list[tuple[UUID, UUID]]:
    """One need a month, the last quantity in the month before this one; none for a 0."""
    return [
        await a_need(database, written, str(quantity), month_back(world, back).replace(day=15), unit=unit)
        for back, quantity in zip(range(len(quantities), 0, -1), quantities, strict=True)
        if quantity
    ]


YESTERDAY = (
    update(ml_runs)
    .values(started_at=ml_runs.c.started_at - dt.timedelta(days=1))
    .where(ml_runs.c.feature == bindparam("of"))
)
"""Runs of a feature, each a day earlier: so that one of today is due."""


async def forecast(world: World) -> tuple[InsightRun, RunOutcome]:
    """A run as the clock begins it and a worker carries it out."""

    async def begin(uow: Uow, actor: Actor, day: dt.date) -> InsightRun:
        await uow.connection.execute(YESTERDAY, {"of": Feature.demand.value})
        await service.begin(uow, actor, day)
        run = await runs.run_of(uow.connection, uow.recorded_events[-1].event.subject_id)
        assert run is not None
        return run

    run = await world.act(INSIGHTS, begin, world.today)

    async def collect(uow: Uow, actor: Actor, begun: InsightRun) -> DemandInputs:
        await collect_all(uow, actor, begun, service.STEPS)
        return await service.inputs(uow, actor, begun)

    outcome = work_out(await world.act(INSIGHTS, collect, run))

    async def finish(uow: Uow, actor: Actor, found: RunOutcome) -> None:
        await insights.finish_run(uow, actor, run, found)

    await world.act(INSIGHTS, finish, outcome)
    assert run.feature is Feature.demand
    return run, outcome
