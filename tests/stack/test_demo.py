"""The demo company: a believable year, made by the real use cases, with work waiting in every queue."""

from random import Random

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.approvals.tables import approval_steps
from core.db.engine import make_engine
from core.log.tables import audit_events
from core.orders.tables import purchase_orders
from core.requests.tables import procurement_requests
from core.sourcing.tables import rfq_invitations
from stack.demo.__main__ import fill
from tests.support.postgres import Database


async def count(connection: AsyncConnection, query: object) -> int:
    return (await connection.scalar(query)) or 0  # type: ignore[call-overload]


@pytest.mark.timeout(240)
async def test_the_demo_has_a_year_behind_it_and_work_in_every_queue(database: Database) -> None:
    engine = make_engine(database.app_url, size=1)
    async with engine.begin() as connection:
        said = await fill(connection, "a demo password")
    async with engine.begin() as connection:
        states = dict(
            (
                await connection.execute(
                    select(procurement_requests.c.state, func.count()).group_by(procurement_requests.c.state)
                )
            )
            .tuples()
            .all()
        )
        steps = (
            await connection.scalars(select(approval_steps.c.name).where(approval_steps.c.state == "open"))
        ).all()
        orders = (await connection.scalars(select(purchase_orders.c.state))).all()
        invited = (await connection.scalars(select(rfq_invitations.c.state))).all()
        seeded = await connection.scalar(
            select(func.count()).select_from(audit_events).where(audit_events.c.channel == "seed")
        )
        again = await fill(connection, "a demo password")
    await engine.dispose()
    assert said.startswith("Northwind Trading")
    assert states["completed"] > 50
    assert states["submitted"] >= 2, "something waits for the officer"
    assert {"manager", "finance"} <= set(steps), "something waits for manager and finance"
    assert "sent" in invited, "something waits for a vendor"
    assert {"issued", "acknowledged"} <= set(orders), "something waits to be confirmed and to be received"
    assert seeded is not None
    assert seeded > 1000
    assert again == "the demo company is there already"


def test_the_same_seed_makes_the_same_year() -> None:
    import datetime as dt

    from stack.demo.director import plans

    now = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
    assert plans(now, Random(1)) == plans(now, Random(1))
