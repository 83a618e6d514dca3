"""A machine whose clock is ten minutes off decides as all others do: deadlines go by PostgreSQL's clock.

The wrong clock is this process's; PostgreSQL has one of its own.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import text

from api.contract import endpoints as e
from bots.client.api_clock import ApiClock
from core.access.actor import Actor
from core.db.engine import Engine, make_engine
from core.db.locks import lock_purchase
from core.kernel.clock import DatabaseClock, SystemClock
from core.people.model import Person
from core.quotes.commands import WithdrawQuote
from core.quotes.service import withdraw_quote
from core.rfqs.model import RfqDetails
from tests.support.api import Api, ProblemError, start
from tests.support.postgres import Database
from tests.support.schedule_ticks import runtime_at
from tests.support.uow import begin
from tests.support.world import World
from workers import schedule
from workers.runtime import Runtime

MINUTES_OFF = (10, -10)
SOON = dt.timedelta(minutes=5)
"""Less than a wrong clock is off."""


@pytest.fixture(params=MINUTES_OFF)
async def off(world: World, request: pytest.FixtureRequest) -> time_machine.travel:
    """Everything that is made in the world is made at the right time; ``with off`` the process's clock is wrong."""
    return time_machine.travel(world.now + dt.timedelta(minutes=request.param), tick=True)


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[Engine]:
    """An engine of a process that has just started."""
    engine = make_engine(database.app_url, size=2, name="parley started now")
    yield engine
    await engine.dispose()


async def dated(world: World, rfq: RfqDetails, kind: str) -> list[dt.datetime]:
    """When events of this kind happened to the purchase, by the log."""
    async with world.engine.connect() as connection:
        found = text("SELECT occurred_at FROM audit_events WHERE request_id = :request AND type = :kind")
        return await connection.scalars(found, {"request": rfq.rfq.request_id, "kind": kind})


async def quote(api: Api, contact: Person, rfq: RfqDetails, today: dt.date) -> None:
    lines = [{"rfq_line_id": str(line.id), "unit_price": "310"} for line in rfq.rfq.lines]
    body = {
        "rfq_id": str(rfq.rfq.id),
        "currency": "USD",
        "valid_until": str(today + dt.timedelta(days=45)),
        "lead_time_days": 10,
        "lines": lines,
    }
    await api.as_(contact).call(e.submit_quote, body, key=f"quote-{rfq.rfq.id}")


async def test_an_api_with_a_wrong_clock_takes_what_is_in_time_and_refuses_what_is_late(
    database: Database, world: World, tmp_path: Path, off: time_machine.travel
) -> None:
    vendor, contact = await world.a_vendor()
    other, _ = await world.a_vendor()
    open_one = await world.an_rfq(to=[vendor, other], quote_by=SOON)
    closed_one = await world.an_rfq(to=[vendor, other], quote_by=dt.timedelta(seconds=0.2))
    officer, began = await world.an_officer(), world.now
    await asyncio.sleep(0.2)
    with off:
        async with AsyncExitStack() as stack:
            api = await start(database, tmp_path, stack)
            await quote(api, contact, open_one, began.date())
            with pytest.raises(ProblemError, match=r"rfqs\.closed"):
                await quote(api, contact, closed_one, began.date())
            sealed = await api.as_(officer).call(e.list_quotes, query={"rfq_id": str(open_one.rfq.id)})
    assert sealed.items == ()
    (submitted,) = await dated(world, open_one, "quote.submitted")
    assert began <= submitted < began + dt.timedelta(seconds=30)


async def test_a_scheduler_with_a_wrong_clock_closes_at_the_deadline_and_not_before(
    world: World, engine: Engine, off: time_machine.travel
) -> None:
    vendors = [(await world.a_vendor())[0] for _ in range(2)]
    open_one = await world.an_rfq(to=vendors, quote_by=SOON)
    due_one = await world.an_rfq(to=vendors, quote_by=dt.timedelta(seconds=0.2))
    await asyncio.sleep(0.2)
    async with runtime_at(world) as usual:
        runtime = Runtime(usual.settings, engine, usual.http, {}, engine.clock)
        with off:
            await schedule.tick(runtime)
    assert await dated(world, open_one, "rfq.closed") + await dated(world, open_one, "rfq.unsuccessful") == []
    (closed,) = await dated(world, due_one, "rfq.unsuccessful")
    assert due_one.rfq.quote_by <= closed < due_one.rfq.quote_by + dt.timedelta(seconds=30)


async def test_tokens_of_processes_whose_clocks_differ_count_for_each_other(
    database: Database, world: World, tmp_path: Path, off: time_machine.travel
) -> None:
    officer = await world.an_officer()
    async with AsyncExitStack() as stack:
        right = await start(database, tmp_path, stack)
        with off:
            wrong = await start(database, tmp_path, stack)
            theirs = wrong.with_token(right.as_(officer).token or "")
            assert (await theirs.send("GET", "/me")).status_code == 200
            of_wrong = wrong.as_(officer).token or ""
        assert (await right.with_token(of_wrong).send("GET", "/me")).status_code == 200


async def test_a_quote_that_waited_past_the_deadline_for_the_purchase_is_late(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor, (await world.a_vendor())[0]], quote_by=dt.timedelta(seconds=0.6))

    async def another_command() -> None:
        async with world.engine.begin() as connection:
            await lock_purchase(connection, rfq.rfq.request_id)
            has_lock.set()
            await asyncio.sleep(0.7)

    async def in_time() -> None:
        await has_lock.wait()
        assert world.now < rfq.rfq.quote_by
        with pytest.raises(ProblemError, match=r"rfqs\.closed"):
            await quote(api, contact, rfq, world.today)

    has_lock = asyncio.Event()
    await asyncio.gather(another_command(), in_time())


class TickingClock(SystemClock):
    """A minute passes whenever anybody looks."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at

    def now(self) -> dt.datetime:
        self.at += dt.timedelta(minutes=1)
        return self.at


async def test_everything_that_one_transaction_does_has_one_date(world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor, (await world.a_vendor())[0]], quote_by=SOON)
    placed = await world.a_quote(rfq, contact)
    actor = Actor.person(contact.id, contact.name, contact.roles, vendor_id=contact.vendor_id, epoch=1)
    async with begin(world.engine, actor, TickingClock(world.now)) as uow:
        await withdraw_quote(uow, actor, WithdrawQuote(placed.quote.id, None, None))
        assert {recorded.occurred_at for recorded in uow.recorded_events} == {uow.now}


def test_a_process_without_a_database_goes_by_the_date_of_the_apis_answers(world: World) -> None:
    clock, right = ApiClock(), world.now.replace(microsecond=0)
    for minutes in MINUTES_OFF:
        with time_machine.travel(right + dt.timedelta(minutes=minutes), tick=True):
            clock.heard("no date")
            clock.heard(right.strftime("%a, %d %b %Y %H:%M:%S GMT"))
            assert abs(clock.now() - right) < dt.timedelta(seconds=5)
        clock = ApiClock()
        assert abs(clock.now() - SystemClock().now()) < dt.timedelta(seconds=5)


def test_a_clock_that_was_heard_goes_on_by_itself() -> None:
    clock, shown = DatabaseClock(), dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    assert clock.is_due
    assert clock.heard(shown) == shown
    assert not clock.is_due
    first, second = clock.now(), clock.now()
    assert shown <= first <= second < shown + dt.timedelta(seconds=5)
