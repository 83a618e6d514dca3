"""Every list × every filter: what fits is shown and nothing else, and a filter that is not there is refused."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest

from api.contract import endpoints as e
from api.contract.endpoints import ENDPOINTS, Endpoint
from core.access.roles import Role
from tests.architecture.route_table import CALLERS, TABLE
from tests.support.api import Api
from tests.support.world import World

NUMBERED: tuple[Endpoint[Any, Any], ...] = (
    e.list_requests,
    e.list_rfqs,
    e.list_quotes,
    e.list_approvals,
    e.list_orders,
)
"""Lists of numbered things: all of them can be limited to the same."""
PARTS = {"{id}", "{code}", "{kind}", "{team}"}


def lists() -> list[Endpoint[Any, Any]]:
    """Every endpoint that answers with a page."""
    found = [each for each in ENDPOINTS if each.method == "GET" and "Listing" in str(each.response)]
    assert set(NUMBERED) <= set(found)
    return found


async def caller_of(api: Api, world: World, name: str) -> Api:
    role = next(role for sign in TABLE[name][1] if (role := CALLERS[sign]) not in (None, Role.vendor))
    return api.as_bot() if role is Role.service_bot else api.as_(await world.the(role))


@pytest.mark.parametrize("endpoint", lists(), ids=lambda each: str(each.name))
async def test_a_filter_that_a_list_does_not_have_is_refused_by_name(
    api: Api, world: World, endpoint: Endpoint[Any, Any]
) -> None:
    caller = await caller_of(api, world, endpoint.name)
    request = (await world.a_request()).request
    path = endpoint.path.replace("{id}", str(request.id))
    answer = await caller.send("GET", path, params={"no_such_filter": "1"})
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == ["/no_such_filter"]
    assert answer.json()["errors"][0]["example"]


async def purchase(world: World) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """An order with all that leads to it: what each filter finds it by, and what finds nothing."""
    other, _ = await world.a_vendor()
    order = await world.an_order()
    today = world.now.date()
    found = {
        "q": order.order.lines[0].description[:6].upper(),
        "vendor_id": str(order.order.vendor_id),
        "cost_centre": order.order.cost_centre,
        "requested_by": str(order.order.requested_by),
        "from": str(today),
        "until": str(today),
    }
    lost = {
        "q": "no such thing %",
        "vendor_id": str(other.id),
        "cost_centre": "NOWHERE",
        "requested_by": str(uuid4()),
        "from": str(today + dt.timedelta(days=1)),
        "until": str(today - dt.timedelta(days=1)),
        "number": "XXX-1",
    }
    return found, lost


STATES = {
    e.list_requests.name: ("ordered", "draft"),
    e.list_rfqs.name: ("awarded", "open"),
    e.list_quotes.name: ("approved", "withdrawn"),
    e.list_approvals.name: ("approved", "rejected"),
    e.list_orders.name: ("issued", "cancelled"),
}
"""The state in which the purchase's part is, and one in which it is not."""


async def test_every_list_of_a_purchase_takes_every_filter(api: Api, world: World) -> None:
    found, lost = await purchase(world)
    officer = api.as_(await world.an_officer())
    for endpoint in NUMBERED:
        everything = (await officer.call(endpoint)).items
        assert len(everything) == 1, endpoint.name
        number = getattr(everything[0], "number", None)
        numbered = {"number": str(number)} if number else {}
        state, another = STATES[endpoint.name]
        for name, value in {**found, **numbered, "state": state}.items():
            shown = (await officer.call(endpoint, query={name: value})).items
            assert [item.id for item in shown] == [everything[0].id], (endpoint.name, name, value)
        for name, value in {**lost, "state": another}.items():
            shown = (await officer.call(endpoint, query={name: value})).items
            assert shown == (), (endpoint.name, name, value)
        together = (await officer.call(endpoint, query={**found, **numbered, "state": state})).items
        assert len(together) == 1, endpoint.name


async def test_a_filter_shows_a_vendor_nothing_of_others_and_not_who_asked(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    other, _ = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor, other])
    await world.a_quote(rfq, contact)
    await world.an_rfq(to=[other])
    seller = api.as_(contact)
    requester = (await world.a_requester()).id
    own: tuple[Endpoint[Any, Any], ...] = (e.list_rfqs, e.list_quotes)
    for endpoint in own:
        for query, expected in (
            ({"q": "laptop"}, 1),
            ({"q": "nothing"}, 0),
            ({"cost_centre": "IT"}, 1),
            ({"cost_centre": "OPS"}, 0),
            ({"requested_by": str(requester)}, 0),
        ):
            items = (await seller.call(endpoint, query=query)).items
            assert len(items) == expected, (endpoint.name, query)
    assert len((await seller.call(e.list_rfqs, query={"vendor_id": str(other.id)})).items) == 1
    assert (await seller.call(e.list_quotes, query={"vendor_id": str(other.id)})).items == ()


async def test_an_unreadable_filter_is_refused_by_name_in_every_list(api: Api, world: World) -> None:
    officer = api.as_(await world.an_officer())
    for endpoint in NUMBERED:
        for name, value in (
            ("vendor_id", "7"),
            ("requested_by", "me"),
            ("from", "yesterday"),
            ("until", "31.12.2026"),
            ("state", "stolen"),
            ("q", "x" * 101),
            ("cost_centre", ""),
        ):
            answer = await officer.send("GET", endpoint.path, params={name: value})
            assert answer.status_code == 422, (endpoint.name, name, answer.text[:200])
            error = answer.json()["errors"][0]
            assert (error["field"], bool(error["example"])) == (f"/{name}", True), endpoint.name
