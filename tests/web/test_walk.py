"""A purchase from draft to the last receipt by pages alone, without script."""

from uuid import UUID

from core.kernel.ids import OrderId, RequestId
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder
from core.people.model import Person
from core.purchases import request_queries
from core.requests.model import RequestDetails
from tests.support.api import Api
from tests.support.world import World
from tests.web.browser import Browser, browser_of


async def seen(world: World, request_id: UUID) -> RequestDetails:
    return await world.act(await world.an_officer(), request_queries.show, RequestId(request_id))


async def test_a_purchase_goes_from_draft_to_completed_by_pages_alone(api: Api, world: World) -> None:
    request = await world.a_request(submit=False)
    async with (
        browser_of(api, world, await world.a_requester()) as rosa,
        browser_of(api, world, await world.an_officer()) as oscar,
        browser_of(api, world, await world.a_manager()) as mara,
    ):
        page = f"/purchases/{request.request.number}"
        submitted = await rosa.send((await rosa.get(page)).form("/request/submit"))
        assert "The request is submitted." in submitted.words
        vendor = await quoted(world, request, oscar, page)
        await decided(request.request.number, rosa, mara, page)
        order_id = (await seen(world, request.request.id)).request.order_id
        assert order_id is not None
        await world.act(vendor, orders.acknowledge, AcknowledgeOrder(OrderId(order_id), "", None))
        await received(rosa, page)


async def quoted(world: World, request: RequestDetails, oscar: Browser, page: str) -> Person:
    """Two vendors quote, sealed until both have; the officer proposes the dearer one, with a reason."""
    (first, contact), (second, colleague) = await world.a_vendor(), await world.a_vendor()
    rfq = await world.an_rfq(await seen(world, request.request.id), to=[first, second])
    await world.a_quote(rfq, contact, "1180")
    sealed = await oscar.get(page)
    assert "sealed" in sealed.words
    assert "1,180.00" not in sealed.html
    dearer = await world.a_quote(rfq, colleague, "1250")
    opened = await oscar.get(page)
    assert "1,180.00 USD" in opened.words
    form = next(
        each for each in opened.forms("/quote/propose") if each.fields["quote"] == str(dearer.quote.id)
    )
    refused = await oscar.send(form, reason="")
    assert refused.status == 422
    proposed = await oscar.send(form, reason="They deliver sooner.")
    assert "goes to approval" in proposed.words
    await world.open_approval_of(dearer.quote.id)
    return colleague


async def decided(number: str, rosa: Browser, mara: Browser, page: str) -> None:
    """The manager asks from the first page, the requester answers, the manager approves."""
    home = await mara.get("/home")
    assert number in home.words
    asked = await mara.send(home.form("/approval/ask"), comment="Why not the cheaper one?")
    assert "Your question was sent." in asked.words
    answered = await rosa.send((await rosa.get(page)).form("/approval/answer"), text="It comes too late.")
    assert "It comes too late." in answered.words
    assert "Tier medium of policy version" in answered.words
    assert "They deliver sooner." in answered.words, "why this quote was proposed"
    form = (await mara.get("/home")).form("/approval/approve")
    assert "You approved it." in (await mara.send(form)).words
    again = await mara.send(form)
    assert "You approved it." in again.words, "a second press of the same form is harmless"


async def received(rosa: Browser, page: str) -> None:
    """What is typed stays in the form when it cannot be taken; then the goods arrive in two parts."""
    form = (await rosa.get(page)).form("/order/receive")
    wrong = await rosa.send(form, **{"lines.0.accepted": "many", "note": "two boxes <b>open</b>"})
    assert wrong.status == 422
    kept = wrong.form("/order/receive")
    assert kept.fields["lines.0.accepted"] == "many"
    assert kept.fields["note"].strip() == "two boxes <b>open</b>"
    assert kept.fields["nonce"] != form.fields["nonce"]
    assert 'aria-invalid="true"' in wrong.html
    part = await rosa.send(form, **{"lines.0.accepted": "1"})
    assert "The receipt is recorded." in part.words
    stale = await rosa.send(form, **{"nonce": "another", "lines.0.accepted": "1"})
    assert stale.status == 409
    assert stale.form("/order/receive").fields["lines.0.accepted"] == "1"
    rest = await rosa.send((await rosa.get(page)).form("/order/receive"), **{"lines.0.accepted": "2"})
    assert "Completed" in rest.words
    assert rest.forms("/order/receive") == []


async def test_a_vendors_contact_confirms_an_order_on_the_first_page(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    _, other = await world.a_vendor()
    order = await world.an_order(vendor=vendor, contact=contact)
    async with browser_of(api, world, contact) as vera, browser_of(api, world, other) as uwe:
        home = await vera.get("/home")
        form = home.form("/order/acknowledge")
        assert home.forms("/order/receive") == []
        assert order.order.number not in (await uwe.get("/home")).words
        assert (await uwe.send(form)).status == 404
        assert "The order is confirmed." in (await vera.send(form)).words
        assert (await vera.get("/home")).forms("/order/acknowledge") == []
        refused = await vera.send(form, nonce="later")
        assert refused.status == 409
        assert refused.reader.forms[0].action == "/theme"
