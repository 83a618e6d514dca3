"""Lists by number and by filter: what fits, nothing else, and an unknown parameter is refused by name."""

import datetime as dt

import pytest

from api.contract import endpoints as e
from tests.support.api import Api, ProblemError
from tests.support.world import World


async def test_a_thing_is_found_by_its_number_and_by_nobody_elses(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    _, stranger = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    quote = (await world.a_quote(rfq, contact)).quote
    officer, seller = api.as_(await world.an_officer()), api.as_(contact)
    number = rfq.request_number
    found = (await officer.call(e.list_requests, query={"number": f" {number.lower()} "})).items
    assert [item.number for item in found] == [number]
    for caller in (officer, seller):
        shown = (await caller.call(e.list_rfqs, query={"number": rfq.rfq.number})).items
        assert [item.id for item in shown] == [rfq.rfq.id]
    assert (await api.as_(stranger).call(e.list_rfqs, query={"number": rfq.rfq.number})).items == ()
    own = (await seller.call(e.list_quotes, query={"number": quote.number})).items
    assert [item.id for item in own] == [quote.id]
    assert (await api.as_(stranger).call(e.list_quotes, query={"number": quote.number})).items == ()
    assert (await officer.call(e.list_requests, query={"number": "REQ-0"})).items == ()


async def test_an_order_and_an_approval_are_found_by_number(api: Api, world: World) -> None:
    order = await world.an_order()
    officer = api.as_(await world.an_officer())
    found = (await officer.call(e.list_orders, query={"number": order.order.number})).items
    assert [item.id for item in found] == [order.order.id]
    decided = (await officer.call(e.list_approvals, query={"number": order.request_number})).items
    assert [item.request_id for item in decided] == [order.order.request_id]
    of_vendor = {"vendor_id": str(order.order.vendor_id), "cost_centre": order.order.cost_centre}
    assert [item.id for item in (await officer.call(e.list_orders, query=of_vendor)).items] == [
        order.order.id
    ]
    assert (await officer.call(e.list_orders, query={"cost_centre": "nowhere"})).items == ()


async def test_text_is_looked_for_in_the_lines_and_days_are_whole(api: Api, world: World) -> None:
    request = (await world.a_request()).request
    requester = api.as_(await world.a_requester())
    word = request.lines[0].description.split()[0].upper()
    found = (await requester.call(e.list_requests, query={"q": word})).items
    assert request.id in {item.id for item in found}
    assert (await requester.call(e.list_requests, query={"q": "no such thing %"})).items == ()
    today = world.now.date()
    assert (await requester.call(e.list_requests, query={"from": str(today), "until": str(today)})).items
    tomorrow = today + dt.timedelta(days=1)
    assert (await requester.call(e.list_requests, query={"from": str(tomorrow)})).items == ()


async def test_pages_of_days_repeat_and_skip_nothing(api: Api, world: World) -> None:
    made = [(await world.a_request()).request.id for _ in range(5)]
    officer = api.as_(await world.an_officer())
    seen, cursor = [], None
    while True:
        query = {"limit": "2", "from": str(world.now.date())} | ({"cursor": cursor} if cursor else {})
        page = await officer.call(e.list_requests, query=query)
        seen += [item.id for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert [each for each in seen if each in made] == made[::-1]
    assert len(seen) == len(set(seen))


async def test_an_unknown_parameter_is_refused_by_name(api: Api, world: World) -> None:
    officer = api.as_(await world.an_officer())
    with pytest.raises(ProblemError, match=r"422") as refused:
        await officer.call(e.list_requests, query={"sate": "submitted"})
    assert refused.value.fields == ["/sate"]
    told = refused.value.problem.errors[0].message
    assert "state" in told
    assert "cost_centre" in told
    with pytest.raises(ProblemError, match=r"422"):
        await officer.call(e.me, query={"verbose": "yes"})


async def test_a_search_finds_a_vendor_after_the_fiftieth(api: Api, world: World) -> None:
    named = [await world.a_vendor() for _ in range(55)]
    request = (await world.a_request()).request
    officer = api.as_(await world.an_officer())
    shown = (await officer.call(e.suggest_vendors, path={"id": request.id})).items
    assert len(shown) == 50
    hidden = next(vendor for vendor, _ in named if vendor.id not in {item.id for item in shown})
    found = await officer.call(e.suggest_vendors, path={"id": request.id}, query={"q": hidden.name})
    assert hidden.id in {item.id for item in found.items}
