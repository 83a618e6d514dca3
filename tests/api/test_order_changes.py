"""Changes, receipts and returns of an order on the wire, and how goods are received as an administrator sets it."""

import datetime as dt
import re

import pytest

from api.contract import endpoints as e
from api.contract.orders import OrderOut
from core.orders.model import Order
from core.people.model import Person
from tests.support.api import Api, ProblemError
from tests.support.world import World

OVER = {
    "en": "2 of 3 received; at most 1 more",
    "de": "2 von 3 erhalten; höchstens 1 weitere",
    "es": "2 de 3 recibidos; se pueden registrar como máximo 1 más",
    "ru": "получено 2 из 3; можно записать ещё не больше 1",
    "ar": "استُلم 2 من 3؛ يمكن تسجيل 1 إضافية",
}


async def an_order(world: World) -> tuple[Order, Person]:
    """Three laptops, acknowledged, and the vendor's contact."""
    vendor, contact = await world.a_vendor()
    return (await world.an_order(acknowledged=True, vendor=vendor, contact=contact)).order, contact


async def received(caller: Api, order: Order, accepted: str, **more: object) -> OrderOut:
    body = {"lines": [{"line_id": str(order.lines[0].id), "accepted": accepted, **more}]}
    return await caller.call(e.receive_order, body, path={"id": order.id})


@pytest.mark.parametrize("locale", OVER)
async def test_too_much_is_refused_with_the_true_numbers_in_every_language(
    api: Api, world: World, locale: str
) -> None:
    order, _ = await an_order(world)
    caller = api.as_(await world.a_requester())
    await received(caller, order, "2")
    body = {"lines": [{"line_id": str(order.lines[0].id), "accepted": "1", "rejected": "1"}]}
    path = f"/purchase-orders/{order.id}/receipts"
    answer = await caller.send("POST", path, body, {"Accept-Language": locale})
    assert (answer.status_code, answer.json()["code"]) == (409, "orders.over_receipt")
    assert answer.json()["facts"]["most"] == "1"
    assert OVER[locale] in re.sub(r"[\u2066-\u2069\u200e\u200f]", "", answer.json()["detail"])


async def test_a_proposal_is_read_accepted_and_kept_as_a_revision(api: Api, world: World) -> None:
    order, contact = await an_order(world)
    vendor, officer, path = api.as_(contact), api.as_(await world.an_officer()), {"id": order.id}
    day = world.today + dt.timedelta(days=20)
    line = {"line_id": str(order.lines[0].id), "quantity": "2", "unit_price": "1200", "due_on": str(day)}
    await vendor.call(e.change_order, {"lines": [line], "reason": "one is sold out"}, path=path)
    shown = await officer.call(e.show_order, path=path)
    assert shown.proposal is not None
    assert (shown.proposal.by, str(shown.proposal.total), shown.proposal.due_on) == ("vendor", "2400.00", day)
    assert {action.verb.value for action in shown.actions} == {"accept", "decline"}
    done = await officer.call(e.accept_change, {"expected_version": shown.version}, path=path)
    assert (done.revision, str(done.total), done.proposal) == (2, "2400.00", None)
    revisions = (await vendor.call(e.list_revisions, path=path)).items
    assert [(each.revision, str(each.total)) for each in revisions] == [(1, "3540.00"), (2, "2400.00")]


async def test_a_stale_answer_to_a_proposal_is_refused(api: Api, world: World) -> None:
    order, contact = await an_order(world)
    officer, path = api.as_(await world.an_officer()), {"id": order.id}
    later = {"due_on": str(world.today + dt.timedelta(days=20)), "reason": "late"}
    await api.as_(contact).call(e.change_order, later, path=path)
    with pytest.raises(ProblemError, match="stale"):
        await officer.call(e.accept_change, {"expected_version": order.version}, path=path)


async def test_receipts_are_listed_with_corrections_and_returns(api: Api, world: World) -> None:
    order, contact = await an_order(world)
    requester, path = api.as_(await world.a_requester()), {"id": order.id}
    file = await requester.client.post(
        "/documents",
        headers={"Authorization": f"Bearer {requester.token}"},
        files={"file": ("list.csv", b"a,b\n1,2\n")},
    )
    body = {
        "lines": [{"line_id": str(order.lines[0].id), "accepted": "3"}],
        "document_ids": [file.json()["id"]],
    }
    await requester.call(e.receive_order, body, path=path)
    [receipt] = (await requester.call(e.list_receipts, path=path)).items
    assert [each.name for each in receipt.documents] == ["list.csv"]
    meant = {"lines": [{"line_id": str(order.lines[0].id), "accepted": "2"}], "reason": "miscounted"}
    corrected = {**path, "receipt_id": receipt.id}
    done = await requester.call(e.correct_receipt, meant, path=corrected)
    assert (done.state.value, str(done.lines[0].accepted)) == ("partly_received", "2")
    back = {"lines": [{"line_id": str(order.lines[0].id), "quantity": "1"}], "reason": "broken"}
    done = await requester.call(e.return_goods, back, path=path)
    assert (str(done.lines[0].accepted), str(done.lines[0].returned)) == ("1", "1")
    entries = (await requester.call(e.list_receipts, path=path)).items
    assert [(each.kind, str(each.lines[0].accepted)) for each in entries] == [
        ("receipt", "3"),
        ("correction", "-1"),
        ("return", "-1"),
    ]
    with pytest.raises(ProblemError, match="404"):
        await api.as_(contact).call(e.list_receipts, path=path)


async def test_an_administrator_sets_how_goods_are_received(api: Api, world: World) -> None:
    admin, officer = api.as_(await world.an_admin()), api.as_(await world.an_officer())
    assert (await officer.call(e.show_receiving_policy)).colleagues is False
    body = {"colleagues": True, "percent": "10", "tolerances": [{"item": "laptop", "percent": "50"}]}
    done = await admin.call(e.set_receiving_policy, {**body, "expected_version": 0})
    assert (done.version, str(done.percent), done.tolerances[0].item) == (1, "10", "laptop")
    with pytest.raises(ProblemError, match="403"):
        await officer.call(e.set_receiving_policy, body)
    with pytest.raises(ProblemError, match="stale"):
        await admin.call(e.set_receiving_policy, {**body, "expected_version": 0})
    for wrong in ({"percent": "101"}, {"tolerances": [{"percent": "5"}]}):
        with pytest.raises(ProblemError, match="422"):
            await admin.call(e.set_receiving_policy, wrong)
    order, _ = await an_order(world)
    assert (await received(officer, order, "4")).state.value == "completed"


async def test_an_administrator_says_to_which_cost_centre_somebody_belongs(api: Api, world: World) -> None:
    admin, requester = api.as_(await world.an_admin()), await world.a_requester()
    path = {"id": requester.id}
    await admin.call(e.assign_cost_centre, {"cost_centre": "IT"}, path=path)
    with pytest.raises(ProblemError) as refused:
        await admin.call(e.assign_cost_centre, {"cost_centre": "MOON"}, path=path)
    assert refused.value.fields == ["/cost_centre"]
    await admin.call(e.deactivate_cost_centre, path={"code": "IT"})
    await admin.call(e.assign_cost_centre, {"cost_centre": "IT"}, path=path)
    await admin.call(e.assign_cost_centre, {"cost_centre": None}, path=path)
    with pytest.raises(ProblemError):
        await admin.call(e.assign_cost_centre, {"cost_centre": "IT"}, path=path)
