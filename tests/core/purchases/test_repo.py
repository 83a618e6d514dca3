"""A purchase is read by one statement, however many are asked for."""

from uuid import UUID

import asyncpg
from sqlalchemy import text

from core.db.engine import make_engine
from core.kernel.ids import new_id
from core.purchases import repo
from tests.support.postgres import Database
from tests.support.uow import begin
from tests.support.world import ADMINISTRATOR, World


async def statements_of(world: World, ids: list[UUID]) -> list[str]:
    """What the driver sent for one load, on a connection that has read a purchase before."""
    sent: list[str] = []

    def note(query: asyncpg.connection.LoggedQuery) -> None:
        sent.append(query.query)

    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        await repo.load_many(uow, ids)
        with uow.connection.driver.query_logger(note):
            assert set(await repo.load_many(uow, ids)) == set(ids)
    return sent


async def test_one_statement_reads_one_purchase_or_many(world: World) -> None:
    order = await world.an_order(acknowledged=True)
    others = [(await world.a_request()).request.id for _ in range(3)]
    one = await statements_of(world, [order.order.request_id])
    assert len(one) == 1
    assert await statements_of(world, [order.order.request_id, *others]) == one


async def test_each_purchase_has_its_own_rows(world: World) -> None:
    orders = [await world.an_order() for _ in range(2)]
    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        found = await repo.load_many(uow, [each.order.request_id for each in orders])
        for each in orders:
            purchase = found[each.order.request_id]
            assert [order.id for order in purchase.orders] == [each.order.id]
            assert purchase == await repo.load(uow, each.order.request_id)
            assert len(purchase.quotes) == len(purchase.approvals) == len(purchase.rfqs) == 1


async def test_an_unknown_request_has_no_purchase(world: World) -> None:
    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        assert await repo.load(uow, new_id()) is None
        assert await repo.load_many(uow, []) == {}


async def test_a_column_that_is_added_meanwhile_does_no_harm(world: World, database: Database) -> None:
    """A connection that has prepared the statement goes on reading after a migration."""
    request = (await world.a_request()).request
    owner = make_engine(database.owner_url, size=1, name="tests owner")
    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        before = await repo.load(uow, request.id)
    async with owner.begin() as connection:
        await connection.execute(text("ALTER TABLE request_lines ADD COLUMN shade text DEFAULT 'grey'"))
    await owner.dispose()
    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        assert await repo.load(uow, request.id) == before
