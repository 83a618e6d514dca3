"""The organisation by API: its name and switches, departments, cost centres."""

from typing import Any

import pytest

from api.contract import endpoints as e
from core.approvals.states import ApprovalState
from tests.support.api import Api, ProblemError
from tests.support.world import World

NAMED = {"name": "Northwind Trading", "base_currency": "USD", "locale": "de", "zone": "Europe/Berlin"}


async def test_the_organisation_is_named_and_its_base_currency_stays(api: Api, world: World) -> None:
    admin = api.as_(await world.an_admin())
    after = await admin.call(e.set_organisation, NAMED)
    assert after == await admin.call(e.show_organisation)
    assert (after.name, after.locale, after.vendors_need_approval) == ("Northwind Trading", "de", False)
    on = await admin.call(e.set_organisation, {**NAMED, "vendors_need_approval": True})
    assert on.vendors_need_approval
    assert (await admin.call(e.set_organisation, NAMED)).vendors_need_approval
    with pytest.raises(ProblemError) as refused:
        await admin.call(e.set_organisation, {**NAMED, "base_currency": "EUR"})
    assert refused.value.fields == ["/base_currency"]
    assert refused.value.problem.errors[0].example == "USD"


async def test_departments_and_cost_centres_are_added_changed_and_filtered(api: Api, world: World) -> None:
    admin, head = api.as_(await world.an_admin()), await world.a_manager()
    ops = await admin.call(e.set_department, {"name": "Operations"}, path={"code": "OPS"})
    assert (ops.code, ops.head_id) == ("OPS", None)
    led = {"name": "Operations", "head_id": str(head.id)}
    assert (await admin.call(e.set_department, led, path={"code": "OPS"})).head_name == head.name
    net = await admin.call(e.set_cost_centre, {"name": "Networks", "department": "OPS"}, path={"code": "NET"})
    assert (net.department, net.active) == ("OPS", True)
    for query, codes in (
        ({"q": "operat"}, ["OPS"]),
        ({"q": "%"}, []),
        ({"head_id": str(head.id)}, ["IT", "OPS"]),
        ({}, ["IT", "OPS"]),
    ):
        found = await admin.call(e.list_departments, query=query)
        assert [item.code for item in found.items] == codes, query
    for query, codes in (
        ({"department": "OPS"}, ["NET"]),
        ({"q": "net"}, ["NET"]),
        ({"active": "false"}, []),
        ({"head_id": str(head.id)}, ["IT"]),
    ):
        listed = await admin.call(e.list_cost_centres, query=query)
        assert [item.code for item in listed.items] == codes, query


@pytest.mark.parametrize(
    ("endpoint", "body", "code", "field"),
    [
        (e.set_cost_centre, {"name": "Networks", "department": "NOPE"}, "NET", "/department"),
        (e.set_department, {"name": ""}, "OPS", "/name"),
        (e.set_department, {"name": "Ops"}, "x" * 41, "/code"),
    ],
)
async def test_a_wrong_unit_names_its_field(
    api: Api, world: World, endpoint: Any, body: dict[str, Any], code: str, field: str
) -> None:
    admin = api.as_(await world.an_admin())
    with pytest.raises(ProblemError) as refused:
        await admin.call(endpoint, body, path={"code": code})
    assert refused.value.fields == [field]
    assert refused.value.problem.errors[0].example


async def test_a_vendors_contact_leads_nothing(api: Api, world: World) -> None:
    admin = api.as_(await world.an_admin())
    _, contact = await world.a_vendor()
    with pytest.raises(ProblemError) as refused:
        await admin.call(e.set_department, {"name": "IT", "head_id": str(contact.id)}, path={"code": "IT"})
    assert refused.value.fields == ["/head_id"]


async def test_a_deactivated_cost_centre_takes_no_new_request_and_lets_others_go_on(
    api: Api, world: World
) -> None:
    admin = api.as_(await world.an_admin())
    vendor, contact = await world.a_vendor()
    quote = await world.a_quote(await world.an_rfq(to=[vendor]), contact)
    await world.a_finance()
    off = await admin.call(e.deactivate_cost_centre, path={"code": "IT"})
    assert not off.active
    requester = api.as_(await world.a_requester())
    wish = {
        "lines": [{"description": "Desk", "quantity": "1"}],
        "currency": "USD",
        "needed_by": str(world.today),
        "cost_centre": "IT",
    }
    with pytest.raises(ProblemError) as refused:
        await requester.call(e.create_request, wish)
    assert refused.value.fields == ["/cost_centre"]
    approval = await world.open_approval_of(quote.quote.id)
    assert (await world.approved(approval)).approval.state is ApprovalState.approved
    assert (await admin.call(e.activate_cost_centre, path={"code": "IT"})).active
    await requester.call(e.create_request, wish)
    with pytest.raises(ProblemError, match="404"):
        await admin.call(e.deactivate_cost_centre, path={"code": "NOPE"})


async def test_a_tier_of_a_department_still_applies_when_its_cost_centre_is_deactivated(
    api: Api, world: World
) -> None:
    admin, step = api.as_(await world.an_admin()), {"name": "all", "approvers": [{"role": "manager"}]}
    only_it = {"name": "it only", "departments": ["IT"], "steps": [step]}
    await admin.call(e.set_policy, {"currency": "USD", "tiers": [only_it]})
    vendor, contact = await world.a_vendor()
    quote = await world.a_quote(await world.an_rfq(to=[vendor]), contact)
    await admin.call(e.deactivate_cost_centre, path={"code": "IT"})
    assert (await world.open_approval_of(quote.quote.id)).approval.open_step is not None
