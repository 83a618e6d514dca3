"""Somebody enters a request for a colleague: it is the colleague's, and neither of them decides it."""

import datetime as dt
from typing import Any

import pytest

from api.contract import endpoints as e
from api.contract.actions import ActionVerb
from api.contract.requests import RequestOut
from core.access.roles import Role
from core.delegations import service as delegations
from core.delegations.commands import Delegate
from core.kernel.ids import RequestId
from core.organisation import service as organisations
from core.organisation.commands import AssignCostCentre
from core.people import service as people
from core.people.commands import ChangeRoles, DisablePerson
from core.people.model import Person
from core.purchases import request_queries
from tests.support.api import Api, ProblemError
from tests.support.world import ADMINISTRATOR, World


def body(world: World, person: Person | None = None, **more: Any) -> dict[str, Any]:
    behalf = {"on_behalf_of": str(person.id)} if person else {}
    return {
        "lines": [{"description": "Desk", "quantity": "2", "estimated_unit_price": "540"}],
        "currency": "USD",
        "needed_by": str(world.today + dt.timedelta(days=20)),
        "cost_centre": "IT",
        "submit": True,
        **behalf,
        **more,
    }


async def in_it(world: World, *members: Person) -> None:
    for each in members:
        await world.act(ADMINISTRATOR, organisations.assign_cost_centre, AssignCostCentre(each.id, "IT"))


async def entered(api: Api, world: World, by: Person, person: Person, **more: Any) -> RequestOut:
    return await api.as_(by).call(e.create_request, body(world, person, **more))


async def test_a_colleague_of_the_same_cost_centre_enters_it_and_it_is_the_others(
    api: Api, world: World
) -> None:
    ann, rosa = await world.a_person(Role.requester), await world.a_person(Role.requester)
    await in_it(world, ann, rosa)
    request = await entered(api, world, ann, rosa)
    assert (request.requested_by, request.requested_by_name) == (rosa.id, rosa.name)
    assert (request.entered_by, request.entered_by_name) == (ann.id, ann.name)
    assert await world.events_of(request.id) == ["request.created", "request.entered", "request.submitted"]
    for reader in (ann, rosa, await world.an_officer()):
        shown = await api.as_(reader).call(e.show_request, path={"id": request.id})
        assert (shown.requested_by, shown.entered_by_name) == (rosa.id, ann.name)
    mine = (await api.as_(rosa).call(e.list_requests, query={"mine": "true"})).items
    assert [each.id for each in mine] == [request.id]
    seen = (await api.as_(ann).call(e.list_requests)).items
    assert [each.id for each in seen] == [request.id]
    told = (await api.as_(rosa).call(e.timeline, path={"id": request.id})).items
    assert {each.on_behalf_of_name for each in told if each.action == "request.entered"} == {rosa.name}
    with pytest.raises(ProblemError, match="403"):
        await withdrawn(api, request, ann)
    assert (await withdrawn(api, request, rosa)).state.value == "withdrawn"


async def withdrawn(api: Api, request: RequestOut, by: Person) -> RequestOut:
    return await api.as_(by).call(
        e.withdraw_request, {"expected_version": request.version}, path={"id": request.id}
    )


async def test_both_correct_and_submit_a_draft_and_nobody_else_sees_it(api: Api, world: World) -> None:
    ann, rosa = await world.a_person(Role.requester), await world.a_person(Role.requester)
    stranger = await world.a_person(Role.requester)
    await in_it(world, ann, rosa)
    draft = await entered(api, world, ann, rosa, submit=False)
    drafts = [
        [each.id for each in (await api.as_(who).call(e.list_requests, query={"state": "draft"})).items]
        for who in (ann, rosa, stranger, await world.an_officer())
    ]
    assert drafts == [[draft.id], [draft.id], [], []]
    edited = await api.as_(rosa).call(e.edit_request, {"note": "by the window"}, path={"id": draft.id})
    assert {ActionVerb.edit, ActionVerb.submit} <= {each.verb for each in edited.actions}
    submitted = await api.as_(ann).call(
        e.submit_request, {"expected_version": edited.version}, path={"id": draft.id}
    )
    assert submitted.state.value == "submitted"
    assert submitted.offers(ActionVerb.take_back)
    assert not submitted.offers(ActionVerb.withdraw)


async def test_only_for_colleagues_of_ones_cost_centre_unless_an_officer(api: Api, world: World) -> None:
    ann, rosa = await world.a_person(Role.requester), await world.a_person(Role.requester)
    await in_it(world, rosa)
    with pytest.raises(ProblemError) as refused:
        await entered(api, world, ann, rosa)
    assert (refused.value.status, refused.value.code) == (403, "requests.not_colleague")
    assert rosa.name in str(refused.value.problem.detail)
    for by in (await world.an_officer(), await world.an_admin()):
        assert (await entered(api, world, by, rosa)).requested_by == rosa.id
    own = await entered(api, world, ann, ann)
    assert own.entered_by is None


async def test_not_for_vendors_nor_for_disabled_or_unknown_people(api: Api, world: World) -> None:
    officer, gone = await world.an_officer(), await world.a_person(Role.requester)
    _, contact = await world.a_vendor()
    await world.act(ADMINISTRATOR, people.disable_person, DisablePerson(gone.id))
    auditor = await world.an_auditor()
    for nobody in (gone, contact, auditor):
        with pytest.raises(ProblemError) as refused:
            await entered(api, world, officer, nobody)
        assert (refused.value.status, refused.value.fields) == (422, ["/on_behalf_of"])
    with pytest.raises(ProblemError, match="403"):
        await entered(api, world, contact, await world.a_requester())


async def test_neither_of_them_decides_it_nor_a_deputy(api: Api, world: World) -> None:
    """The manager enters it for a colleague: the other manager decides, and the first may not."""
    mara, ben = await world.a_manager(), await world.a_person(Role.manager)
    rosa = await world.a_person(Role.requester)
    await world.act(ADMINISTRATOR, people.change_roles, ChangeRoles(rosa.id, (Role.requester, Role.manager)))
    await in_it(world, mara, rosa)
    request = await entered(api, world, mara, await world.person(rosa.id))
    vendor, contact = await world.a_vendor()
    officer = api.as_(await world.an_officer())
    until = (world.now + dt.timedelta(days=3)).isoformat()
    await officer.call(
        e.send_rfq, {"vendor_ids": [str(vendor.id)], "quote_by": until}, path={"id": request.id}
    )
    rfq = (await officer.call(e.list_rfqs, query={"request_id": str(request.id)})).items[0]
    offer = {
        "rfq_id": str(rfq.id),
        "currency": "USD",
        "valid_until": str(world.today + dt.timedelta(days=45)),
        "lead_time_days": 10,
        "lines": [{"rfq_line_id": str(rfq.lines[0].id), "unit_price": "500"}],
    }
    quote = await api.as_(contact).call(e.submit_quote, offer)
    deputy = Delegate(mara.id, ben.id, world.now + dt.timedelta(days=5), None, "")
    await world.act(ben, delegations.delegate, deputy)
    approval = await world.open_approval_of(quote.id)  # type: ignore[arg-type]
    assert {mara.id, rosa.id} <= approval.approval.excluded
    step = approval.approval.open_step
    assert step is not None
    assert not {mara.id, rosa.id} & set(step.deciders)
    facts = await api.as_(ben).call(e.show_approval, path={"id": approval.approval.id})
    assert facts.facts is not None
    assert facts.facts.entered_by_name == mara.name
    for who in (mara, rosa):
        verdict = {
            "approval_id": str(approval.approval.id),
            "verb": "approve",
            "expected_version": approval.approval.version,
        }
        with pytest.raises(ProblemError) as refused:
            await api.as_(await world.person(who.id)).call(e.decide, verdict)
        assert refused.value.code == "approvals.own_request"


async def test_neither_of_them_decides_a_split_award_of_it(api: Api, world: World) -> None:
    mara, rosa = await world.a_manager(), await world.a_person(Role.requester)
    await in_it(world, mara, rosa)
    line = {"description": "Desk", "quantity": "2", "estimated_unit_price": "540"}
    request = await entered(
        api, world, mara, await world.person(rosa.id), lines=[line, line | {"description": "Lamp"}]
    )
    shown = await world.act(await world.an_officer(), request_queries.show, RequestId(request.id))
    vendors = [await world.a_vendor(), await world.a_vendor()]
    rfq = await world.an_rfq(shown, to=[vendor for vendor, _ in vendors])
    quotes = [await world.a_quote(rfq, contact, "400") for _, contact in vendors]
    approval = (await world.open_approval_of_split(await world.a_split(rfq, *quotes))).approval
    assert {mara.id, rosa.id} <= approval.excluded


async def test_colleagues_are_found_by_name_among_those_one_may_ask_for(api: Api, world: World) -> None:
    ann, rosa, other = [await world.a_person(Role.requester) for _ in range(3)]
    await in_it(world, ann, rosa)
    names = await found(api, ann, "")
    assert names == [rosa.name]
    assert await found(api, ann, other.name) == []
    assert await found(api, await world.an_officer(), other.name) == [other.name]
    assert await found(api, ann, (rosa.email or "").partition("@")[0]) == [rosa.name]


async def found(api: Api, by: Person, text: str) -> list[str]:
    return [each.name for each in (await api.as_(by).call(e.find_colleagues, query={"q": text})).items]
