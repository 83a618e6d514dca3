"""Plain calls are served beside FastAPI's own way, and nobody can tell the difference."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from api.contract import endpoints as e
from api.server.app import ROUTERS
from api.server.direct_routes import DirectRoutes, plain_route
from tests.support.api import Api
from tests.support.world import World

PURCHASE = (
    e.create_request,
    e.send_rfq,
    e.submit_quote,
    e.decide,
    e.show_request,
    e.acknowledge_order,
    e.receive_order,
)
LISTS = (e.list_requests, e.list_approvals, e.list_orders, e.list_rfqs, e.list_quotes)
ID = "01939d0c-7a10-7000-8000-000000000001"
REQUEST: dict[str, Any] = {
    "lines": [{"description": "Chair", "quantity": "2"}],
    "currency": "USD",
    "needed_by": "2100-01-31",
    "cost_centre": "IT",
}
CASES: dict[str, tuple[str, str, bytes | None]] = {
    "unknown id": ("GET", f"/procurement/requests/{ID}", None),
    "an id without dashes": ("GET", f"/procurement/requests/{ID.replace('-', '')}", None),
    "an id with its dashes elsewhere": ("GET", f"/procurement/requests/----{ID.replace('-', '')}", None),
    "a path like a pattern": ("GET", "/procurement/requests/%7B%7D", None),
    "no id": ("GET", "/procurement/requests/seven", None),
    "unknown parameter": ("GET", f"/procurement/requests/{ID}?sort=name", None),
    "unknown path": ("GET", f"/procurement/chairs/{ID}", None),
    "wrong method": ("PUT", f"/procurement/requests/{ID}", b"{}"),
    "no body": ("POST", "/procurement/request", None),
    "no JSON": ("POST", "/procurement/request", b"{"),
    "deep JSON": ("POST", "/procurement/request", b"[" * 50_000),
    "a list": ("POST", "/procurement/request", b"[]"),
    "no values": ("POST", "/procurement/request", b"{}"),
    "a value of another type": ("POST", "/procurement/request", json.dumps(REQUEST | {"note": 7}).encode()),
    "NaN": ("POST", "/procurement/request", b'{"currency": NaN}'),
    "a day too far away": ("POST", "/procurement/request", json.dumps(REQUEST).encode()),
    "a list with an unknown parameter": ("GET", "/procurement/requests?sort=name", None),
    "a list with no number": ("GET", "/procurement/requests?limit=many", None),
    "a list with too much": ("GET", "/procurement/requests?limit=999999", None),
    "a list with an empty value": ("GET", "/procurement/requests?limit=", None),
    "a list said twice, once wrongly": ("GET", "/procurement/requests?limit=2&limit=x", None),
    "a list from no day": ("GET", "/procurement/requests?from=31.11.2026", None),
    "a list with a broken byte": ("GET", "/procurement/requests?state=%ff", None),
    "a list with a state of something else": ("GET", "/approvals?state=draft", None),
    "a list with a broken cursor": ("GET", "/procurement/requests?cursor=%00", None),
    "not allowed": ("PUT", "/approval-policies", b'{"currency": "USD", "tiers": []}'),
}


@contextmanager
def only_fastapi() -> Iterator[None]:
    """Nothing is found by its words."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DirectRoutes, "_find", lambda self, scope: None)
        yield


async def answered(api: Api, case: str) -> tuple[int, dict[str, str], Any]:
    method, path, body = CASES[case]
    headers = {"content-type": "application/json"} if body is not None else {}
    answer = await api.send(method, path, content=body, headers=headers)
    told = {name: answer.headers[name] for name in answer.headers if name not in ("date", "content-length")}
    return answer.status_code, told, answer.json() if answer.content else None


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("case", CASES)
async def test_a_refusal_is_the_same_on_both_ways(api: Api, world: World, case: str, signed_in: bool) -> None:
    caller = api.as_(await world.a_requester()) if signed_in else api
    direct = await answered(caller, case)
    with only_fastapi():
        assert await answered(caller, case) == direct
    assert direct[0] >= 400


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?",
        "?limit=1",
        "?limit=2&limit=1",
        "?limit=+1",
        "?limit=1.0",
        "?mine=yes&counted=1",
        "?mine=",
        "?state=submitted&state=draft",
        "?state=submitted",
        "?from=2026-01-01&until=2100-01-01",
        "?from_=2026-01-01",
        "?q=chair%20",
        "?q=",
        "?number=%20req-1",
        "?vendor_id=01939D0C7A1070008000000000000001",
        "?cursor=",
        "?&limit=1&",
        "?limit=1;mine=true",
    ],
)
async def test_a_list_is_the_same_on_both_ways(api: Api, world: World, query: str) -> None:
    requester = await world.a_requester()
    for _ in range(2):
        await world.a_request()
    for path in ("/procurement/requests", "/approvals", "/purchase-orders", "/rfqs"):
        caller = api.as_(requester)
        direct = await caller.send("GET", path + query)
        with only_fastapi():
            other = await caller.send("GET", path + query)
        assert (direct.status_code, direct.json()) == (other.status_code, other.json()), path


async def test_an_answer_is_the_same_on_both_ways(api: Api, world: World) -> None:
    caller, headers = api.as_(await world.a_requester()), {"Idempotency-Key": "k1"}
    wanted = REQUEST | {"needed_by": str(world.today + dt.timedelta(days=30))}
    made = await caller.send("POST", "/procurement/request", json=wanted, headers=headers)
    with only_fastapi():
        again = await caller.send("POST", "/procurement/request", json=wanted, headers=headers)
        shown = await caller.send("GET", f"/procurement/requests/{made.json()['id']}")
    direct = await caller.send("GET", f"/procurement/requests/{made.json()['id']}")
    assert made.status_code == 201
    assert (made.status_code, made.content) == (again.status_code, again.content)
    assert (direct.status_code, direct.content) == (shown.status_code, shown.content)
    assert direct.headers == shown.headers


def test_all_calls_of_a_purchase_and_its_lists_are_plain() -> None:
    served = {
        (method, plain.route.path)
        for module in ROUTERS
        for plain in map(plain_route, module.router.routes)
        if plain is not None
        for method in plain.route.methods or ()
    }
    assert {(each.method, each.path) for each in (*PURCHASE, *LISTS)} <= served
