"""A submitted request is taken back, corrected and submitted again, until vendors are asked."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from api.contract import endpoints as e
from api.contract.actions import ActionVerb
from api.contract.requests import RequestOut
from tests.support.api import Api, ProblemError
from tests.support.world import World


async def submitted(api: Api, world: World) -> RequestOut:
    body = {
        "lines": [{"description": "Desk", "quantity": "2", "estimated_unit_price": "540"}],
        "currency": "USD",
        "needed_by": str(world.today + dt.timedelta(days=20)),
        "cost_centre": "IT",
        "submit": True,
    }
    return await api.as_(await world.a_requester()).call(e.create_request, body, key="take-back")


async def take_back(api: Api, request: RequestOut, by: Any, version: int | None = None) -> RequestOut:
    body = {"expected_version": version or request.version}
    return await api.as_(by).call(e.take_back_request, body, path={"id": request.id})


async def test_it_is_corrected_and_submitted_again_with_every_step_in_its_history(
    api: Api, world: World
) -> None:
    requester = await world.a_requester()
    request = await submitted(api, world)
    assert request.offers(ActionVerb.take_back)
    draft = await take_back(api, request, requester)
    assert (draft.state.value, draft.version) == ("draft", request.version + 1)
    caller = api.as_(requester)
    lines = [{"description": "Desk", "quantity": "3", "estimated_unit_price": "540"}]
    edited = await caller.call(e.edit_request, {"lines": lines}, path={"id": request.id})
    again = await caller.call(e.submit_request, {"expected_version": edited.version}, path={"id": request.id})
    assert (again.state.value, again.total_estimate) == ("submitted", Decimal(1620))
    assert await world.events_of(request.id) == [
        "request.created",
        "request.submitted",
        "request.taken_back",
        "request.edited",
        "request.submitted",
    ]


async def test_while_it_is_a_draft_nobody_else_sees_it(api: Api, world: World) -> None:
    request = await submitted(api, world)
    officer = api.as_(await world.an_officer())
    assert (await officer.call(e.show_request, path={"id": request.id})).number == request.number
    await take_back(api, request, await world.a_requester())
    with pytest.raises(ProblemError) as hidden:
        await officer.call(e.show_request, path={"id": request.id})
    assert hidden.value.status == 404


async def test_only_whoever_asked_takes_it_back(api: Api, world: World) -> None:
    request = await submitted(api, world)
    with pytest.raises(ProblemError) as refused:
        await take_back(api, request, await world.an_officer())
    assert (refused.value.status, refused.value.code) == (403, "requests.not_yours")


async def test_what_was_changed_meanwhile_or_is_with_vendors_is_not_taken_back(
    api: Api, world: World
) -> None:
    requester = await world.a_requester()
    request = await submitted(api, world)
    with pytest.raises(ProblemError) as stale:
        await take_back(api, request, requester, version=99)
    assert stale.value.code == "requests.stale"
    rfq = await world.an_rfq()
    sourced = await api.as_(requester).call(e.show_request, path={"id": rfq.rfq.request_id})
    assert not sourced.offers(ActionVerb.take_back)
    with pytest.raises(ProblemError) as late:
        await take_back(api, sourced, requester)
    assert late.value.code == "requests.wrong_state"


async def test_a_draft_is_corrected_and_submitted_in_one_call(api: Api, world: World) -> None:
    requester = await world.a_requester()
    draft = await take_back(api, await submitted(api, world), requester)
    caller, path = api.as_(requester), {"id": draft.id}
    body = {"note": "in oak", "submit": True, "expected_version": draft.version}
    with pytest.raises(ProblemError) as past:
        await caller.call(e.edit_request, {**body, "needed_by": "2020-01-01"}, path=path)
    assert [error.field for error in past.value.problem.errors] == ["/needed_by"]
    assert (await caller.call(e.show_request, path=path)).state.value == "draft"
    done = await caller.call(e.edit_request, body, path=path)
    assert (done.state.value, done.note, done.version) == ("submitted", "in oak", draft.version + 2)
    with pytest.raises(ProblemError) as again:
        await caller.call(e.edit_request, {**body, "expected_version": done.version}, path=path)
    assert again.value.code == "requests.wrong_state"
    assert (await world.events_of(draft.id))[-2:] == ["request.edited", "request.submitted"]


async def test_a_draft_whose_day_is_past_is_edited_and_not_submitted(api: Api, world: World) -> None:
    requester = await world.a_requester()
    draft = await take_back(api, await submitted(api, world), requester)
    edited = await api.as_(requester).call(e.edit_request, {"note": "later"}, path={"id": draft.id})
    assert edited.state.value == "draft"
