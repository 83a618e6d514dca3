"""The whole purchase over HTTP, as docs/curl.md tells it."""

import datetime as dt

from api.contract import endpoints as e
from core.approvals.states import ApprovalState
from core.kernel.ids import QuoteId
from core.orders.states import OrderState
from core.requests.states import RequestState
from tests.support.api import Api
from tests.support.world import World


async def test_a_wish_becomes_a_completed_order(api: Api, world: World) -> None:
    requester, officer, manager = (
        await world.a_requester(),
        await world.an_officer(),
        await world.a_manager(),
    )
    vendor, contact = await world.a_vendor()
    ask = {
        "lines": [
            {"description": "Laptop", "quantity": "3", "unit": "pcs", "estimated_unit_price": "1200.00"}
        ],
        "currency": "USD",
        "needed_by": str(world.today + dt.timedelta(days=30)),
        "cost_centre": "IT",
        "submit": True,
    }
    request = await api.as_(requester).call(e.create_request, ask, key="ask")
    assert request.state is RequestState.submitted
    assert str(request.total_estimate) == "3600.00"
    assert str(request.lines[0].quantity) == "3"

    until = (world.now + dt.timedelta(days=3)).isoformat()
    asked = {"vendor_ids": [str(vendor.id)], "quote_by": until}
    rfq = await api.as_(officer).call(e.send_rfq, asked, path={"id": request.id})

    quoted = await api.as_(contact).call(
        e.submit_quote,
        {
            "rfq_id": str(rfq.id),
            "currency": "USD",
            "valid_until": str(world.today + dt.timedelta(days=40)),
            "lead_time_days": 10,
            "shipping": "40",
            "lines": [{"rfq_line_id": str(rfq.lines[0].id), "unit_price": "1180.5"}],
        },
    )
    assert str(quoted.total) == "3581.50"
    assert str(quoted.lines[0].unit_price) == "1180.50"

    opened = await world.open_approval_of(QuoteId(quoted.id))
    decision = {"approval_id": str(opened.approval.id), "verb": "approve", "expected_version": 1}
    decided = await api.as_(manager).call(e.decide, decision)
    assert decided.state is ApprovalState.approved

    bought = await api.as_(officer).call(e.show_request, path={"id": request.id})
    await api.as_(contact).call(e.acknowledge_order, {}, path={"id": bought.order_id})
    order = await api.as_(requester).call(e.show_order, path={"id": bought.order_id})
    receive = {"lines": [{"line_id": str(order.lines[0].id), "accepted": "3"}]}
    received = await api.as_(requester).call(e.receive_order, receive, path={"id": order.id})
    assert received.state is OrderState.completed

    told = await api.as_(requester).call(e.timeline, path={"id": request.id})
    assert [item.action for item in told.items][-2:] == ["order.completed", "request.completed"]
