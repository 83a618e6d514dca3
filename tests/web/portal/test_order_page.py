"""An order in the portal: confirmed, refused, given another day, and nobody else's."""

import datetime as dt

from core.kernel.ids import OrderId
from core.orders import queries as orders
from core.orders.states import OrderState
from tests.support.api import Api
from tests.support.world import World
from tests.web.browser import browser_of


async def test_another_day_is_proposed_line_by_line_and_taken_back(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    order = (await world.an_order(vendor=vendor, contact=contact, acknowledged=True)).order
    page = f"/portal/orders/{order.id}"
    async with browser_of(api, world, contact) as browser:
        form = (await browser.get(page)).form("/change")
        soon = (world.today + dt.timedelta(days=20)).isoformat()
        past = (world.today - dt.timedelta(days=1)).isoformat()
        for typed, said in (
            ({"lines.0.due_on": past, "reason": "Customs."}, "past"),
            ({"lines.0.due_on": "someday", "reason": "Customs."}, "couldn’t read the date “someday”"),
            ({"lines.0.due_on": soon, "reason": ""}, ""),
            ({"reason": "Nothing changed."}, ""),
        ):
            refused = await browser.send(form, **typed)
            assert refused.status == 422
            assert refused.wrong == []
            assert refused.form("/change").fields["reason"].strip() == typed["reason"]
            assert said in refused.words
        sent = await browser.send(form, **{"lines.0.due_on": soon, "reason": "Customs."})
        assert "Your proposal was sent to the buyer." in sent.words
        assert "You propose" in sent.words
        assert sent.forms("/change") == []
        again = await browser.send(sent.form("/withdraw"))
        assert "You took your proposal back." in again.words
    shown = await world.act(contact, orders.show, OrderId(order.id))
    assert shown.order.proposal is None
    assert shown.order.state is OrderState.acknowledged


async def test_refusing_asks_why_and_a_second_press_is_harmless(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    order = (await world.an_order(vendor=vendor, contact=contact)).order
    async with browser_of(api, world, contact) as browser:
        page = await browser.get(f"/portal/orders/{order.id}")
        form = page.form("/refuse")
        assert (await browser.send(form, reason=" ")).status == 422
        for _ in range(2):
            refused = await browser.send(form, reason="Sold out.")
            assert "You refused the order." in refused.words
        late = await browser.send(form, reason="Sold out.", nonce="another")
        assert late.status == 409
        assert (await browser.send(page.form("/acknowledge"))).status == 409


async def test_what_arrived_is_seen(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    order = (await world.an_order(vendor=vendor, contact=contact, acknowledged=True)).order
    requester = await world.a_requester()
    async with browser_of(api, world, requester) as staff, browser_of(api, world, contact) as browser:
        number = (await api.as_(requester).send("GET", f"/purchase-orders/{order.id}")).json()[
            "request_number"
        ]
        form = (await staff.get(f"/purchases/{number}")).form("/order/receive")
        await staff.send(form, **{"lines.0.accepted": "2", "lines.0.rejected": "1"})
        page = await browser.get(f"/portal/orders/{order.id}")
        assert "Accepted 2 pcs · Rejected 1 pc" in page.words
        assert requester.name not in page.html, "who received it is the buyer's own affair"
