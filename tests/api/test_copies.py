"""A request is copied into a draft of one's own."""

import datetime as dt

import pytest
from sqlalchemy import text

from api.contract import endpoints as e
from api.contract.actions import ActionVerb
from core.access.roles import Role
from tests.support.api import Api, ProblemError
from tests.support.world import World


async def test_the_copy_has_the_same_lines_and_the_day_while_it_is_to_come(api: Api, world: World) -> None:
    original, officer = (await world.a_request()).request, await world.an_officer()
    caller, path = api.as_(officer), {"id": original.id}
    copy = await caller.call(e.copy_request, {}, path=path)
    assert (copy.state.value, copy.requested_by, copy.needed_by) == ("draft", officer.id, original.needed_by)
    assert [(line.description, line.quantity) for line in copy.lines] == [
        (line.description, line.quantity) for line in original.lines
    ]
    assert copy.number != original.number
    preview = await caller.call(e.preview_copy, path=path)
    assert (preview.copied_from, preview.needed_by) == (original.number, original.needed_by)
    created = (await caller.call(e.timeline, path={"id": copy.id})).items[0]
    assert created.data["copied_from"] == original.number


async def test_a_day_that_is_past_is_left_open_and_said_before_it_is_submitted(
    api: Api, world: World
) -> None:
    original, requester = (await world.a_request()).request, await world.a_requester()
    async with world.engine.begin() as connection:
        await connection.execute(text("UPDATE procurement_requests SET needed_by = '2020-01-01'"))
    caller = api.as_(requester)
    copy = await caller.call(e.copy_request, {}, path={"id": original.id})
    assert copy.needed_by is None
    assert not copy.offers(ActionVerb.submit)
    path = {"id": copy.id}
    with pytest.raises(ProblemError) as missing:
        await caller.call(e.submit_request, {"expected_version": copy.version}, path=path)
    assert (missing.value.status, missing.value.fields) == (422, ["/needed_by"])
    day = world.today + dt.timedelta(days=10)
    dated = await caller.call(e.edit_request, {"needed_by": str(day)}, path=path)
    assert dated.offers(ActionVerb.submit)
    given = await caller.call(e.copy_request, {"needed_by": str(day)}, path={"id": original.id})
    assert given.needed_by == day
    assert (await caller.call(e.list_requests)).items


async def test_only_what_one_may_see_is_copied(api: Api, world: World) -> None:
    original = (await world.a_request()).request
    stranger = api.as_(await world.a_person(Role.requester))
    path = {"id": original.id}
    with pytest.raises(ProblemError, match="404"):
        await stranger.call(e.copy_request, {}, path=path)
    with pytest.raises(ProblemError, match="404"):
        await stranger.call(e.preview_copy, path=path)
