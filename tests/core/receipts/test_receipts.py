"""Receipts: how much may arrive, corrections, returns, and the end of an order of which no more is awaited."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import update

from core.access.roles import Role
from core.documents import service as documents
from core.documents.commands import FetchDocument, UploadDocument
from core.documents.store import FileStore
from core.kernel.errors import Invalid, NotFound
from core.orders import queries as orders
from core.orders.errors import NotYourDelivery
from core.orders.model import OrderDetails
from core.orders.tables import purchase_order_lines
from core.organisation import service as organisation
from core.organisation.commands import AssignCostCentre
from core.people.model import Person
from core.policies import service as policies
from core.policies.commands import SetReceivingPolicy, Tolerance
from core.purchases import request_queries as requests
from core.receipts import queries, service
from core.receipts.commands import (
    CloseShort,
    CorrectReceipt,
    ReceivedLine,
    ReceiveGoods,
    ReturnedLine,
    ReturnGoods,
)
from core.receipts.errors import MoreThanKept, NotAReceipt, OverReceipt
from core.receipts.model import ReceiptDetails
from tests.core.documents import files
from tests.support.world import ADMINISTRATOR, World


async def received(
    world: World, by: Person, order: OrderDetails, accepted: str, rejected: str = "0"
) -> OrderDetails:
    line = order.order.lines[0]
    lines = (ReceivedLine(line.id, Decimal(accepted), Decimal(rejected)),)
    return await world.act(by, service.receive, ReceiveGoods(order.order.id, lines, "", None))


async def entries(world: World, order: OrderDetails) -> tuple[ReceiptDetails, ...]:
    return await world.act(await world.an_officer(), queries.listing, order.order.id)


async def corrected(
    world: World, by: Person, order: OrderDetails, number: int, accepted: str, rejected: str = "0"
) -> OrderDetails:
    """The entry of this number should have said so."""
    receipt = (await entries(world, order))[number].receipt
    lines = (ReceivedLine(order.order.lines[0].id, Decimal(accepted), Decimal(rejected)),)
    command = CorrectReceipt(order.order.id, receipt.id, lines, "miscounted", None)
    return await world.act(by, service.correct, command)


async def returned(world: World, by: Person, order: OrderDetails, quantity: str) -> OrderDetails:
    lines = (ReturnedLine(order.order.lines[0].id, Decimal(quantity)),)
    command = ReturnGoods(order.order.id, lines, "broken after a day", None)
    return await world.act(by, service.return_goods, command)


async def request_state(world: World, order: OrderDetails) -> str:
    found = await world.act(await world.an_officer(), requests.show, order.order.request_id)
    return found.request.state.value


async def allow(world: World, percent: str = "0", *tolerances: Tolerance, colleagues: bool = False) -> None:
    command = SetReceivingPolicy(colleagues, Decimal(percent), tolerances, None)
    await world.act(ADMINISTRATOR, policies.set_receiving_policy, command)


async def test_what_is_rejected_counts_against_what_is_open(world: World) -> None:
    order, requester = await world.an_order(acknowledged=True), await world.a_requester()
    await received(world, requester, order, "1", "1")
    for accepted, rejected in (("0", "3"), ("1", "2"), ("3", "0")):
        with pytest.raises(OverReceipt) as refused:
            await received(world, requester, order, accepted, rejected)
        assert (refused.value.received, refused.value.most) == (Decimal(1), Decimal(2))
    assert (await received(world, requester, order, "2")).order.state.value == "completed"


async def test_an_item_beats_its_category_and_that_the_general_percentage(world: World) -> None:
    requester = await world.a_requester()
    category = (await world.a_vendor())[0].category
    rules = Tolerance(Decimal(40), category=category), Tolerance(Decimal(100), item="LAPTOP")
    for tolerances, most in (((), "3"), (rules[:1], "4"), (rules, "6")):
        await allow(world, "10", *tolerances)
        order = await world.an_order(acknowledged=True)
        with pytest.raises(OverReceipt) as refused:
            await received(world, requester, order, str(int(most) + 1))
        assert refused.value.most == Decimal(most), "3.3 pieces are 3"
        assert (await received(world, requester, order, most)).order.state.value == "completed"


async def test_a_part_of_a_piece_does_not_arrive(world: World) -> None:
    order, requester = await world.an_order(acknowledged=True), await world.a_requester()
    for accepted, rejected, field in (("0.4", "0", "accepted"), ("1", "0.5", "rejected")):
        with pytest.raises(Invalid) as refused:
            await received(world, requester, order, accepted, rejected)
        assert refused.value.errors[0].field == f"/lines/0/{field}"
        assert refused.value.errors[0].code == "quantity.whole"


async def test_what_was_once_ordered_in_parts_of_a_piece_still_arrives(world: World) -> None:
    order, requester = await world.an_order(acknowledged=True), await world.a_requester()
    line = purchase_order_lines.c
    async with world.engine.begin() as connection:
        half = (
            update(purchase_order_lines)
            .where(line.order_id == order.order.id)
            .values(quantity=Decimal("2.5"))
        )
        await connection.execute(half)
    assert (await received(world, requester, order, "2.5")).order.state.value == "completed"


async def test_rejected_quantities_add_up_to_no_more_than_can_be_stored(world: World) -> None:
    order, requester = await world.an_order(acknowledged=True), await world.a_requester()
    line, most = purchase_order_lines.c, Decimal("999999999999.999999")
    async with world.engine.begin() as connection:
        long_rejected = update(purchase_order_lines).where(line.order_id == order.order.id)
        await connection.execute(long_rejected.values(rejected=most))
    with pytest.raises(Invalid) as refused:
        await received(world, requester, order, "0", rejected="1")
    [error] = refused.value.errors
    assert (error.field, error.code, error.limits) == (
        "/lines/0/rejected",
        "decimal.range",
        {"most": f"{most}"},
    )
    assert (await received(world, requester, order, "3")).order.state.value == "completed"


async def test_a_corrected_receipt_is_another_entry_and_the_first_one_stays(world: World) -> None:
    order, requester = await world.an_order(acknowledged=True), await world.a_requester()
    await received(world, requester, order, "2")
    now = await corrected(world, requester, order, 0, "1", "1")
    assert (now.order.lines[0].accepted, now.order.lines[0].rejected) == (Decimal(1), Decimal(1))
    assert now.order.state.value == "partly_received"
    first, counter = [each.receipt for each in await entries(world, order)]
    assert [(line.accepted, line.rejected) for line in first.lines] == [(Decimal(2), Decimal(0))]
    assert [(line.accepted, line.rejected) for line in counter.lines] == [(-Decimal(1), Decimal(1))]
    assert (counter.kind.value, counter.corrects, counter.note) == ("correction", first.id, "miscounted")
    again = await corrected(world, requester, order, 0, "2")
    assert (again.order.lines[0].accepted, again.order.lines[0].rejected) == (Decimal(2), Decimal(0))
    with pytest.raises(Invalid, match="says already"):
        await corrected(world, requester, order, 0, "2")
    with pytest.raises(NotAReceipt):
        await corrected(world, requester, order, 1, "0")


@pytest.mark.parametrize(("acknowledged", "state"), [(True, "acknowledged"), (False, "issued")])
async def test_a_receipt_that_never_was_leaves_the_order_as_before(
    world: World, acknowledged: bool, state: str
) -> None:
    order, requester = await world.an_order(acknowledged=acknowledged), await world.a_requester()
    await received(world, requester, order, "3")
    assert await request_state(world, order) == "completed"
    now = await corrected(world, requester, order, 0, "0")
    assert (now.order.state.value, now.order.completed_at) == (state, None)
    assert await request_state(world, order) == "ordered"
    assert (await received(world, requester, order, "3")).order.state.value == "completed"
    assert await request_state(world, order) == "completed"


async def test_a_correction_can_complete_an_order_and_is_bounded_as_a_receipt_is(world: World) -> None:
    order, requester = await world.an_order(acknowledged=True), await world.a_requester()
    await received(world, requester, order, "2")
    with pytest.raises(OverReceipt) as refused:
        await corrected(world, requester, order, 0, "4")
    assert (refused.value.received, refused.value.most) == (Decimal(2), Decimal(1))
    with pytest.raises(OverReceipt):
        await corrected(world, requester, order, 0, "2", "2")
    assert (await corrected(world, requester, order, 0, "3")).order.state.value == "completed"
    assert (await world.events_of(order.order.id))[-2:] == ["order.receipt_corrected", "order.completed"]


async def test_returned_goods_are_awaited_again(world: World) -> None:
    order, requester = await world.an_order(acknowledged=True), await world.a_requester()
    await received(world, requester, order, "3")
    now = await returned(world, requester, order, "2")
    line = now.order.lines[0]
    assert (line.accepted, line.returned, now.order.state.value) == (
        Decimal(1),
        Decimal(2),
        "partly_received",
    )
    assert await request_state(world, order) == "ordered"
    assert (await world.events_of(order.order.id))[-2:] == ["order.goods_returned", "order.reopened"]
    with pytest.raises(MoreThanKept) as refused:
        await returned(world, requester, order, "2")
    assert refused.value.kept == 1
    with pytest.raises(MoreThanKept):
        await corrected(world, requester, order, 0, "1")
    assert (await received(world, requester, order, "2")).order.state.value == "completed"


async def test_an_order_closed_short_completes_the_request_and_stays_closed(world: World) -> None:
    order, requester = await world.an_order(acknowledged=True), await world.a_requester()
    officer = await world.an_officer()
    await received(world, requester, order, "2")
    now = await world.act(
        officer, service.close_short, CloseShort(order.order.id, "the rest is sold out", None)
    )
    assert (now.order.state.value, now.order.closed_short) == ("completed", True)
    assert await request_state(world, order) == "completed"
    back = await returned(world, requester, order, "1")
    assert (back.order.state.value, back.order.lines[0].accepted) == ("completed", Decimal(1))


async def test_closed_with_nothing_kept_the_request_goes_back(world: World) -> None:
    requester, officer = await world.a_requester(), await world.an_officer()
    for rejected in ("0", "3"):
        order = await world.an_order(acknowledged=True)
        if rejected != "0":
            await received(world, requester, order, "0", rejected)
        command = CloseShort(order.order.id, "never delivered", None)
        now = await world.act(officer, service.close_short, command)
        assert now.order.state.value == "cancelled"
        assert await request_state(world, order) == "sourcing", "there was no other quote"


async def test_a_colleague_of_the_cost_centre_receives_once_the_policy_says_so(world: World) -> None:
    order = await world.an_order(acknowledged=True)
    colleague, stranger = await world.a_person(Role.requester), await world.a_person(Role.requester)
    assign = AssignCostCentre(colleague.id, order.order.cost_centre)
    await world.act(ADMINISTRATOR, organisation.assign_cost_centre, assign)
    with pytest.raises(NotFound):
        await received(world, colleague, order, "1")
    await allow(world, colleagues=True)
    shown = await world.act(colleague, orders.show, order.order.id)
    assert "receive" in [action.verb.value for action in shown.actions]
    assert (await received(world, colleague, order, "1")).order.state.value == "partly_received"
    with pytest.raises(NotFound):
        await received(world, stranger, order, "1")
    with pytest.raises(NotYourDelivery):
        await received(world, await world.a_manager(), order, "1")
    await world.act(ADMINISTRATOR, organisation.assign_cost_centre, AssignCostCentre(colleague.id, None))
    with pytest.raises(NotFound):
        await received(world, colleague, order, "1")


async def test_photos_belong_to_their_receipt_and_are_shown_to_procurement(
    world: World, tmp_path: Path
) -> None:
    order, requester = await world.an_order(acknowledged=True), await world.a_requester()
    store = FileStore(tmp_path)
    photo = await world.act(requester, documents.upload, UploadDocument("damage.pdf", files.PDF, store))
    lines = (ReceivedLine(order.order.lines[0].id, Decimal(1), Decimal(1)),)
    command = ReceiveGoods(order.order.id, lines, "one is broken", None, (photo.id,))
    await world.act(requester, service.receive, command)
    [entry] = await entries(world, order)
    assert [file.name for file in entry.documents] == ["damage.pdf"]
    officer = await world.an_officer()
    read = await world.act(officer, documents.fetch, FetchDocument(photo.id, store))
    assert read.content == files.PDF
    with pytest.raises(Invalid):
        await world.act(requester, service.receive, command)


async def test_a_vendor_reads_counts_and_no_receipts(world: World) -> None:
    vendor, contact = await world.a_vendor()
    order = await world.an_order(acknowledged=True, vendor=vendor, contact=contact)
    await received(world, await world.a_requester(), order, "2")
    shown = await world.act(contact, orders.show, order.order.id)
    assert shown.order.lines[0].accepted == 2
    with pytest.raises(NotFound):
        await world.act(contact, queries.listing, order.order.id)
