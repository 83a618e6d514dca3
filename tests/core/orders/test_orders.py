"""Acknowledging, receiving in parts, cancelling, and the numbers of orders."""

import asyncio
from decimal import Decimal

import pytest

from core.kernel.errors import Invalid, NotFound, WrongState
from core.orders import queries, service
from core.orders.commands import AcknowledgeOrder, CancelOrder
from core.orders.errors import NotYourDelivery
from core.orders.model import OrderDetails, OrderFilter
from core.people.model import Person
from core.purchases import request_queries as requests
from core.receipts import service as receipts
from core.receipts.commands import ReceivedLine, ReceiveGoods
from core.receipts.errors import OverReceipt
from tests.support.world import World


def arrived(order: OrderDetails, accepted: str, rejected: str = "0") -> ReceiveGoods:
    line = order.order.lines[0]
    return ReceiveGoods(
        order.order.id, (ReceivedLine(line.id, Decimal(accepted), Decimal(rejected)),), "", None
    )


async def received(world: World, by: Person, order: OrderDetails, accepted: str, rejected: str = "0") -> str:
    done = await world.act(by, receipts.receive, arrived(order, accepted, rejected))
    return done.order.state.value


async def test_what_arrives_in_parts_completes_order_and_request(world: World) -> None:
    order, requester = await world.an_order(acknowledged=True), await world.a_requester()
    assert await received(world, requester, order, "1") == "partly_received"
    assert await received(world, requester, order, "0", rejected="1") == "partly_received"
    assert await received(world, requester, order, "2") == "completed"
    request = await world.act(requester, requests.show, order.order.request_id)
    assert request.request.state.value == "completed"
    assert (await world.events_of(order.order.id))[-2:] == ["order.received", "order.completed"]


async def test_more_than_was_ordered_is_refused_with_the_numbers(world: World) -> None:
    order, requester = await world.an_order(acknowledged=True), await world.a_requester()
    await received(world, requester, order, "2")
    with pytest.raises(OverReceipt) as refused:
        await received(world, requester, order, "2")
    facts = refused.value
    assert (facts.ordered, facts.received, facts.most) == (Decimal(3), Decimal(2), Decimal(1))


async def test_a_receipt_of_nothing_or_of_a_foreign_line_is_refused(world: World) -> None:
    order, other = await world.an_order(acknowledged=True), await world.an_order(acknowledged=True)
    requester = await world.a_requester()
    with pytest.raises(Invalid, match="nothing was received"):
        await received(world, requester, order, "0")
    foreign = ReceiveGoods(order.order.id, arrived(other, "1").lines, "", None)
    with pytest.raises(Invalid, match="is not a line of"):
        await world.act(requester, receipts.receive, foreign)


async def test_goods_are_received_before_the_vendor_has_confirmed(world: World) -> None:
    order, requester = await world.an_order(), await world.a_requester()
    assert await received(world, requester, order, "1") == "partly_received"
    assert await received(world, requester, order, "2") == "completed"


async def test_only_who_asked_or_procurement_receives(world: World) -> None:
    order = await world.an_order(acknowledged=True)
    with pytest.raises(NotYourDelivery):
        await received(world, await world.a_manager(), order, "1")
    assert await received(world, await world.an_officer(), order, "1") == "partly_received"


async def test_a_vendor_confirms_its_own_order_only(world: World) -> None:
    vendor, contact = await world.a_vendor()
    order = await world.an_order(vendor=vendor, contact=contact)
    _, stranger = await world.a_vendor()
    with pytest.raises(NotFound):
        await world.act(stranger, service.acknowledge, AcknowledgeOrder(order.order.id, "", None))
    done = await world.act(contact, service.acknowledge, AcknowledgeOrder(order.order.id, "", None))
    assert done.order.state.value == "acknowledged"


async def test_a_cancelled_order_gives_the_request_back_to_its_quotes(world: World) -> None:
    order, officer = await world.an_order(), await world.an_officer()
    await world.act(officer, service.cancel, CancelOrder(order.order.id, "wrong model", None))
    request = await world.act(officer, requests.show, order.order.request_id)
    assert request.request.state.value == "sourcing", "there was no other quote"
    assert "quote.rejected" in await world.events_of(order.order.quote_id)


async def test_an_acknowledged_order_cannot_be_cancelled(world: World) -> None:
    order, officer = await world.an_order(acknowledged=True), await world.an_officer()
    with pytest.raises(WrongState):
        await world.act(officer, service.cancel, CancelOrder(order.order.id, "too late", None))


async def test_numbers_have_no_gap_and_no_double_when_many_order_at_once(world: World) -> None:
    """A number is counted inside the transaction that uses it."""
    approvals = [await world.an_open_approval() for _ in range(12)]
    await asyncio.gather(*(world.approved(approval) for approval in approvals))
    everything = OrderFilter()
    page = await world.act(await world.an_officer(), queries.listing, everything)
    numbers = sorted(int(each.order.number.rsplit("-", 1)[1]) for each in page.items)
    assert numbers == list(range(1, 13))
