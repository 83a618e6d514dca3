"""The dashboard's sums are what the tables say, however the events that change them are delivered."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from core.access.actor import Actor
from core.access.roles import Role
from core.automations import projection
from core.automations.projection import DashboardStatus
from core.db.engine import Engine, make_engine
from core.log.seal import Subscriptions, seal
from core.quotes import service as quotes
from core.quotes.commands import DeclineRfq
from core.requests import service as requests
from core.requests.commands import CancelRequest
from tests.support.postgres import Database
from tests.support.uow import begin
from tests.support.world import World

DASHBOARD = Actor.system(Role.system_dashboard)
TABLES = {
    "requests": "procurement_requests",
    "rfqs": "rfqs",
    "approvals": "approvals",
    "orders": "purchase_orders",
}


class Dashboard:
    """The sums as they are stored, and as the tables would give them now."""

    def __init__(self, world: World, app: Engine, sealer: Engine) -> None:
        self.world, self.app, self.sealer = world, app, sealer

    async def seal(self) -> int:
        """The position of the last event."""
        async with self.sealer.begin() as connection:
            await seal(connection, Subscriptions({}), self.world.now)
            return int(await connection.scalar(text("SELECT max(position) FROM audit_events")) or 0)

    async def count(self, position: int) -> None:
        async with begin(self.app, DASHBOARD, self.world.clock) as uow:
            await projection.update_projection(uow, DASHBOARD, position)

    async def recount(self) -> None:
        async with begin(self.app, DASHBOARD, self.world.clock) as uow:
            await projection.recount(uow, DASHBOARD)

    async def shown(self) -> DashboardStatus:
        manager = await self.world.a_manager()
        return await self.world.act(
            manager, lambda uow, actor, _: projection.dashboard_status(uow, actor), None
        )

    async def is_right(self) -> bool:
        shown = await self.shown()
        async with self.app.connect() as connection:
            for name, table in TABLES.items():
                states = await connection.scalars(text(f"SELECT state FROM {table}"))
                assert getattr(shown, name) == Counter(states), name
            asked = Counter(await connection.scalars(text("SELECT state FROM rfq_invitations")))
        issued = shown.orders.get("issued", 0)
        assert shown.waiting["vendor"] == asked["sent"] + asked["seen"] + issued
        assert shown.waiting["approver"] == shown.approvals.get("pending", 0)
        return True


@pytest.fixture
async def dashboard(world: World, database: Database) -> AsyncIterator[Dashboard]:
    app, sealer = make_engine(database.app_url, size=8), make_engine(database.sealer_url, size=1)
    yield Dashboard(world, app, sealer)
    await app.dispose()
    await sealer.dispose()


async def some_purchases(world: World) -> None:
    """One ordered, one cancelled, one declined by a vendor and still open."""
    await world.an_order()
    vendor, contact = await world.a_vendor()
    other, _ = await world.a_vendor()
    rfq = (await world.an_rfq(to=[vendor, other])).rfq
    await world.act(contact, quotes.decline, DeclineRfq(rfq.id, "no stock"))
    request = (await world.a_request()).request
    await world.act(
        await world.an_officer(), requests.cancel, CancelRequest(request.id, request.version, "not needed")
    )


async def test_the_sums_are_what_the_tables_say(dashboard: Dashboard) -> None:
    await some_purchases(dashboard.world)
    position = await dashboard.seal()
    await dashboard.count(position)
    assert await dashboard.is_right()
    assert (await dashboard.shown()).position == position


async def test_a_late_or_repeated_delivery_changes_nothing(dashboard: Dashboard) -> None:
    await some_purchases(dashboard.world)
    position = await dashboard.seal()
    for each in (3, position, position, 1, position - 2):
        await dashboard.count(each)
    assert await dashboard.is_right()
    assert (await dashboard.shown()).position == position


async def test_each_delivery_counts_what_happened_since_the_one_before(dashboard: Dashboard) -> None:
    for _ in range(3):
        await dashboard.world.an_order()
        await dashboard.count(await dashboard.seal())
        assert await dashboard.is_right()


async def test_deliveries_at_the_same_moment_count_each_position_once(dashboard: Dashboard) -> None:
    for _ in range(4):
        await dashboard.world.a_request()
    await some_purchases(dashboard.world)
    position = await dashboard.seal()
    await asyncio.gather(*(dashboard.count(each) for each in range(1, position + 1)))
    assert await dashboard.is_right()


async def test_what_is_lost_is_made_anew_by_one_command(dashboard: Dashboard) -> None:
    await some_purchases(dashboard.world)
    await dashboard.count(await dashboard.seal())
    before = await dashboard.shown()
    async with dashboard.app.begin() as connection:
        await connection.execute(text("UPDATE status_projection SET counts = '{}'"))
        await connection.execute(text("DELETE FROM counted_purchases"))
    await dashboard.recount()
    assert await dashboard.shown() == before
    assert await dashboard.is_right()
