"""A purchase from request to receipts by pages alone, without script."""

import datetime as dt
from decimal import Decimal

from core.access.roles import Role
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder
from core.purchases import request_queries
from core.kernel.ids import OrderId, RequestId
from tests.support.api import Api
from tests.support.world import World
from tests.web.browser import browser_of


async def test_a_purchase_goes_from_draft_to_completed_by_pages_alone(api: Api, world: World) -> None:
    officer, manager, requester = await world.an_officer(), await world.a_manager(), await world.a_requester()
    (first, contact), (second, colleague) = await world.a_vendor(), await world.a_vendor()
    request = await world.a_request(submit=False)
    number = request.request.number
    page = f"/purchases/{number}"
    async with (
        browser_of(api, world, requester) as rosa,
        browser_of(api, world, officer) as oscar,
        browser_of(api, world, manager) as mara,
    ):
        submitted = await rosa.send((await rosa.get(page)).form("/request/submit"))
        assert "The request is submitted." in submitted.words
        await world.an_rfq(await world.act(officer, request_queries.show, request.request.id), to=[first, second])
        rfq_id = (await world.act(officer, request_queries.show, request.request.id)).request.rfq_id
        assert rfq_id is not None
        sealed = await oscar.get(page)
        assert "sealed" in sealed.words
        await _quotes(world, request.request.id, (contact, "1180"), (colleague, "1250"))
        seen = await oscar.get(page)
        assert seen.forms("/rfq/close") == []  # both have answered, so it closed by itself
        assert "1,180.00 USD" in seen.words
        proposed = await oscar.send(seen.form("/quote/propose"), reason="They deliver sooner.")
        assert "goes to approval" in proposed.words
        details = await world.act(officer, request_queries.show, request.request.id)
        await _open(world, request.request.id)
        home = await mara.get("/home")
        assert number in home.words
        asked = await mara.send(home.form("/approval/ask"), comment="Why not the cheaper one?")
        assert "Your question was sent." in asked.words
        answered = await rosa.send((await rosa.get(page)).form("/approval/answer"), text="It comes too late.")
        assert "Your answer was sent." in answered.words
        decided = await mara.send((await mara.get("/home")).form("/approval/approve"))
        assert "You approved it." in decided.words
        details = await world.act(officer, request_queries.show, request.request.id)
        assert details.request.order_id is not None
        vendor = contact if "1,180.00" in (await oscar.get(page)).words else colleague
        for person in (colleague, contact):
            try:
                await world.act(person, orders.acknowledge, AcknowledgeOrder(OrderId(details.request.order_id), "", None))
                vendor = person
                break
            except Exception:
                continue
        assert vendor
        form = (await rosa.get(page)).form("/order/receive")
        part = await rosa.send(form, **{"lines.0.accepted": "1", "lines.0.rejected": ""})
        assert "The receipt is recorded." in part.words
        rest = await rosa.send((await rosa.get(page)).form("/order/receive"), **{"lines.0.accepted": "2"})
        assert "Completed" in rest.words
