"""What is sent later belongs to a transaction, and whoever cannot see a row is not told its version."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import literal, select

from core.access.actor import Actor
from core.db.connection import OutsideTransaction
from core.db.engine import Engine, make_engine
from core.db.swap import swap_row
from core.kernel.errors import NotFound, Stale
from core.kernel.ids import new_id
from core.people import repo as people_repo
from core.quotes import repo as quotes
from core.quotes.model import Quote
from core.quotes.states import QuoteState
from core.quotes.tables import vendor_quotes
from core.uow import Uow
from tests.core.db.test_pending_writes import begun, part_of, swapped
from tests.support.postgres import Database
from tests.support.uow import begin
from tests.support.world import World


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[Engine]:
    engine = make_engine(database.owner_url, size=1, name="tests")
    yield engine
    await engine.dispose()


async def test_nothing_is_kept_for_later_outside_a_transaction(engine: Engine) -> None:
    async with engine.autocommit() as connection:
        with pytest.raises(OutsideTransaction, match=r"engine\.begin"):
            await connection.later(part_of(new_id()))
        assert await connection.scalar(select(literal(1))) == 1


async def test_a_swap_of_a_row_that_is_gone_is_not_found_and_not_version_nought(engine: Engine) -> None:
    async with engine.begin() as connection:
        (thing,), _ = await begun(connection, "one")
        await connection.script("DELETE FROM things")
        await swapped(connection, thing, "two")
        with pytest.raises(NotFound, match="thing"):
            await connection.flush()
        await connection.rollback()


async def test_a_vendors_late_swap_says_the_true_version_of_its_own_and_nothing_of_others(
    world: World,
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    quote = (await world.a_quote(rfq, contact)).quote
    _, stranger = await world.a_vendor()
    for person, refusal in ((contact, Stale), (stranger, NotFound)):
        async with begin(world.engine, people_repo.as_actor(await world.an_officer()), world.clock) as uow:
            whole = await quotes.load(uow, quote.id)
        late = replace(whole, version=whole.version + 5)
        with pytest.raises(refusal) as refused:
            await world.act(person, swap_quote, late)
        if isinstance(refused.value, Stale):
            assert (refused.value.expected, refused.value.current) == (late.version, whole.version)


async def swap_quote(uow: Uow, actor: Actor, late: Quote) -> None:
    columns = {"id": late.id, "state": QuoteState.withdrawn.value, "version": late.version + 1}
    await swap_row(uow.connection, vendor_quotes, late, columns, what="quote")
    uow.connection.use_role("")  # what follows acts for Parley, as reactions do
    await uow.connection.flush()
