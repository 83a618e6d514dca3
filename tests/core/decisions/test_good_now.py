"""What is approved can be ordered at that moment: binding prices, and a vendor who is not on hold."""

import datetime as dt
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from core.approvals.model import Approval
from core.approvals.states import Verdict
from core.awards import service as awards
from core.awards.commands import ProposeQuote
from core.decisions import queries
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.decisions.tables import approval_logs
from core.kernel.clock import FixedClock
from core.kernel.ids import QuoteId, RequestId
from core.orders.tables import purchase_orders
from core.purchases import request_queries as requests
from core.quotes.errors import QuoteLapsed, QuoteNotEligible, QuoteVendorOnHold
from core.rfqs import repo as rfqs
from core.uow import Uow
from core.vendors.tables import vendors
from tests.support.world import World

VALID = dt.timedelta(days=45)


async def decide(world: World, approval: Approval, verb: Verdict = Verdict.approve) -> Approval:
    step = approval.open_step
    assert step is not None
    command = Decide(
        approval.id, verb, approval.version, "no longer needed" if verb is Verdict.reject else ""
    )
    person = await world.person(step.candidates[0])
    return (await world.act(person, decisions.decide, command)).approval


async def hold(world: World, vendor_id: UUID, state: str = "on_hold") -> None:
    async with world.engine.begin() as connection:
        await connection.execute(update(vendors).where(vendors.c.id == vendor_id).values(state=state))


async def assert_nothing_happened(world: World, approval: Approval) -> None:
    """Still pending at the same step, without a verdict in its log and without an order."""
    shown = await world.act(await world.an_auditor(), queries.show, approval.id)
    assert shown.approval.steps == approval.steps
    async with world.engine.connect() as connection:
        for table, column, value in (
            (approval_logs, approval_logs.c.approval_id, approval.id),
            (purchase_orders, purchase_orders.c.request_id, approval.request_id),
        ):
            found = select(func.count()).select_from(table).where(column == value)
            assert await connection.scalar(found) == 0, table.name


@pytest.mark.parametrize("price", ["1180", "2000"])
async def test_an_expired_quote_is_approved_at_no_step(world: World, price: str) -> None:
    """3,540 USD need one person, 6,000 USD two."""
    world.clock = clock = FixedClock(world.now)
    approval = (await world.an_open_approval(price=price)).approval
    clock.advance(VALID + dt.timedelta(days=1))
    with pytest.raises(QuoteLapsed) as refused:
        await decide(world, approval)
    assert refused.value.day == clock.now().date() - dt.timedelta(days=1)
    await assert_nothing_happened(world, approval)


async def test_its_last_day_still_counts(world: World) -> None:
    world.clock = clock = FixedClock(world.now)
    approval = (await world.an_open_approval()).approval
    clock.advance(VALID)
    assert (await decide(world, approval)).state.value == "approved"


async def test_a_quote_that_expired_between_two_steps_is_not_ordered(world: World) -> None:
    world.clock = clock = FixedClock(world.now)
    half = await decide(world, (await world.an_open_approval(price="2000")).approval)
    clock.advance(VALID + dt.timedelta(days=1))
    with pytest.raises(QuoteLapsed):
        await decide(world, half)
    request = await world.act(await world.an_officer(), requests.show, RequestId(half.request_id))
    assert request.request.order_id is None


async def test_a_vendor_on_hold_is_approved_at_no_step_and_ordered_from_when_released(world: World) -> None:
    vendor, contact = await world.a_vendor()
    approval = (await world.an_open_approval(vendor=vendor, contact=contact)).approval
    await hold(world, vendor.id)
    with pytest.raises(QuoteVendorOnHold) as refused:
        await decide(world, approval)
    assert refused.value.vendor == vendor.name
    await assert_nothing_happened(world, approval)
    await hold(world, vendor.id, "active")
    assert (await decide(world, approval)).state.value == "approved"


async def test_what_cannot_be_ordered_can_still_be_rejected_and_asked_about(world: World) -> None:
    vendor, contact = await world.a_vendor()
    approval = (await world.an_open_approval(vendor=vendor, contact=contact)).approval
    await hold(world, vendor.id)
    assert (await decide(world, approval, Verdict.reject)).state.value == "rejected"


async def test_a_vendor_on_hold_neither_wins_nor_is_proposed(world: World) -> None:
    held, seller = await world.a_vendor()
    other, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[held, other])
    cheap = await world.a_quote(rfq, seller, "900")
    await hold(world, held.id)
    dear = await world.a_quote(rfq, contact, "1000")
    officer = await world.an_officer()

    async def read(uow: Uow, _: object, rfq_id: UUID) -> UUID | None:
        return (await rfqs.load(uow, rfq_id)).selected_quote_id

    assert await world.act(officer, read, rfq.rfq.id) == dear.quote.id
    command = ProposeQuote(rfq.rfq.id, QuoteId(cheap.quote.id), "cheaper by ten percent", None)
    with pytest.raises(QuoteNotEligible) as refused:
        await world.act(officer, awards.propose, command)
    assert refused.value.why == "vendor_on_hold"
