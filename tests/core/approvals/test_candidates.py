"""Who is asked: candidates leave and make room, and a route names one of them."""

import datetime as dt
from uuid import uuid4

import pytest

from core.access.actor import Actor
from core.access.roles import Role
from core.approvals.policy import without_excluded
from core.people import service as people
from core.people.commands import DisablePerson
from core.policies.commands import Tier
from core.reassignments import service
from core.reassignments.commands import RouteApproval
from core.reassignments.errors import NotAmongCandidates
from tests.support.world import World, role_step


def test_excluded_people_leave_and_nobody_is_asked_twice() -> None:
    first, second, out = uuid4(), uuid4(), uuid4()
    assert without_excluded([first, out, second, first], frozenset({out})) == (first, second)


async def test_with_nobody_left_it_stays_pending_and_says_so(world: World) -> None:
    manager = await world.a_manager()
    await world.a_policy([Tier("all", None, (), (), (role_step("manager"),))])
    approval = (await world.an_open_approval(requested_by=manager)).approval
    assert (approval.state.value, approval.steps[0].candidates) == ("pending", ())
    assert "approval.stuck" in await world.events_of(approval.id)


async def test_a_disabled_person_is_no_candidate(world: World) -> None:
    second = await world.a_person(Role.manager)
    await world.act(await world.an_admin(), people.disable_person, DisablePerson(second.id))
    approval = (await world.an_open_approval()).approval
    assert second.id not in approval.steps[0].candidates


async def test_a_route_names_only_a_candidate_and_only_once(world: World) -> None:
    first, second = await world.a_manager(), await world.a_person(Role.manager)
    approval = (await world.an_open_approval(route_wait=dt.timedelta(seconds=10))).approval
    assert approval.steps[0].routed_at is None
    flow = Actor.system(Role.system_n8n)
    with pytest.raises(NotAmongCandidates):
        await world.act(flow, service.route, RouteApproval(approval.id, (await world.an_officer()).id))
    await world.act(flow, service.route, RouteApproval(approval.id, second.id))
    again = await world.act(flow, service.route, RouteApproval(approval.id, first.id))
    assert again.steps[0].asked_first == second.id
    assert (await world.events_of(approval.id)).count("approval.routed") == 1
