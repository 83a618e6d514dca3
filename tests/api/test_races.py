"""Many people pressing at once: one decision, one order, and everybody else is told who won."""

import asyncio

import pytest
from sqlalchemy import func, select

from api.contract import endpoints as e
from core.access.roles import Role
from core.db import idempotency
from core.db.connection import Row
from core.decisions.tables import approval_logs
from core.orders.tables import purchase_orders
from tests.support.api import Api, ProblemError
from tests.support.world import World


async def counted(world: World) -> tuple[int, int]:
    async with world.engine.connect() as connection:
        orders = await connection.scalar(select(func.count()).select_from(purchase_orders)) or 0
        verdicts = await connection.scalar(select(func.count()).select_from(approval_logs)) or 0
    return orders, verdicts


async def test_fifty_deciders_make_one_decision_and_one_order_or_none(api: Api, world: World) -> None:
    managers = [await world.a_manager(), *[await world.a_person(Role.manager) for _ in range(9)]]
    approval = (await world.an_open_approval()).approval

    async def press(number: int) -> str:
        verb = "approve" if number % 2 else "reject"
        body = {
            "approval_id": str(approval.id),
            "verb": verb,
            "expected_version": 1,
            "comment": "Not now." if verb == "reject" else "",
        }
        try:
            await api.as_(managers[number % 10]).call(e.decide, body, key=f"press-{number}")
        except ProblemError as refused:
            return f"{refused.code} by {refused.problem.facts['by']}"
        return verb

    outcomes = await asyncio.gather(*(press(number) for number in range(50)))
    won = [outcome for outcome in outcomes if outcome in ("approve", "reject")]
    assert len(won) == 1
    winner = managers[outcomes.index(won[0]) % 10]
    assert set(outcomes) == {won[0], f"approvals.decided by {winner.name}"}
    orders, verdicts = await counted(world)
    assert (orders, verdicts) == (1 if won == ["approve"] else 0, 1)


async def test_the_same_press_delivered_ten_times_is_one_press(api: Api, world: World) -> None:
    manager = api.as_(await world.a_manager())
    approval = (await world.an_open_approval()).approval
    body = {"approval_id": str(approval.id), "verb": "approve", "expected_version": 1}

    async def press() -> str:
        for _ in range(50):
            try:
                return str((await manager.call(e.decide, body, key="tg:4711")).state)
            except ProblemError as refused:
                if refused.code != "idempotency.in_flight":
                    return refused.code
                await asyncio.sleep(0.05)
        return "still in flight"

    assert set(await asyncio.gather(*(press() for _ in range(10)))) == {"approved"}
    assert await counted(world) == (1, 1)


async def test_vendors_are_blind_to_each_other(api: Api, world: World) -> None:
    mine, contact = await world.a_vendor()
    theirs, other = await world.a_vendor()
    rfq = await world.an_rfq(to=[mine, theirs])
    alone = await world.an_rfq(to=[theirs])
    quote = await world.a_quote(rfq, other, "777.77")
    order = await world.an_order(vendor=theirs, contact=other)
    caller = api.as_(contact)
    for path in (
        f"/rfqs/{alone.rfq.id}",
        f"/purchase-orders/{order.order.id}",
        f"/vendors/{theirs.id}",
        f"/procurement/requests/{rfq.rfq.request_id}",
        f"/procurement/requests/{rfq.rfq.request_id}/quotes",
        f"/approvals/{order.order.approval_id}",
    ):
        assert (await caller.send("GET", path)).status_code in (403, 404), path
    for path in ("/rfqs", f"/rfqs/{rfq.rfq.id}", "/vendors/quotes", "/purchase-orders"):
        seen = (await caller.send("GET", path)).text
        for foreign in (theirs.name, str(theirs.id), str(quote.quote.id), "777.77", other.name):
            assert foreign not in seen, (path, foreign)
    withdraw = await caller.send("POST", f"/vendors/quotes/{quote.quote.id}/withdraw", {})
    assert (withdraw.status_code, withdraw.json()["code"]) == (404, "not_found")


async def test_nobody_reads_a_price_before_the_rfq_is_closed(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    silent, _ = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor, silent])
    quote = await world.a_quote(rfq, contact, "777.77")
    await world.a_finance()
    for role in (Role.requester, Role.officer, Role.manager, Role.finance, Role.admin, Role.auditor):
        caller = api.as_(await world.the(role))
        request_id = rfq.rfq.request_id
        for path in (
            f"/procurement/requests/{request_id}",
            f"/procurement/requests/{request_id}/quotes",
            f"/procurement/requests/{request_id}/timeline",
            f"/rfqs/{rfq.rfq.id}",
            "/vendors/quotes",
            f"/audit/events?subject_id={quote.quote.id}",
            "/dashboard/status",
        ):
            assert "777.77" not in (await caller.send("GET", path)).text, (role, path)


@pytest.fixture
def overlooked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """The next call looks for its key at the moment before the same call's answer is committed."""
    asked, look = [False], idempotency.known_response

    def known(found: Row, body_hash: bytes) -> idempotency.StoredResponse | None:
        if not asked[0]:
            return look(found, body_hash)
        asked[0] = False
        return None

    monkeypatch.setattr(idempotency, "known_response", known)
    return asked


async def test_a_press_that_overlooked_its_own_answer_gets_that_answer(
    api: Api, world: World, overlooked: list[bool]
) -> None:
    manager = api.as_(await world.a_manager())
    approval = (await world.an_open_approval()).approval
    body = {"approval_id": str(approval.id), "verb": "approve", "expected_version": 1}
    first = await manager.call(e.decide, body, key="tg:4711")
    overlooked[0] = True
    assert await manager.call(e.decide, body, key="tg:4711") == first
    assert await counted(world) == (1, 1)


async def test_a_request_that_overlooked_its_own_answer_is_made_once(
    api: Api, world: World, overlooked: list[bool]
) -> None:
    requester = api.as_(await world.a_requester())
    body = {
        "lines": [{"description": "Desk", "quantity": "2"}],
        "currency": "USD",
        "needed_by": str(world.today),
        "cost_centre": "IT",
    }
    first = await requester.call(e.create_request, body, key="k1")
    overlooked[0] = True
    assert await requester.call(e.create_request, body, key="k1") == first
