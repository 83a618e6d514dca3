"""Who may take a step over: a stuck one is given to somebody, nobody takes over from themselves, a note is optional."""

import pytest

from core.access.roles import Role
from core.approvals.model import Approval
from core.approvals.states import ApprovalState
from core.kernel.ids import PersonId
from core.people import service as people
from core.people.commands import DisablePerson
from core.people.model import Person
from core.policies.commands import Approver, PolicyStep, Tier
from core.reassignments import queries, service
from core.reassignments.commands import ForwardStep, ReassignStep
from core.reassignments.errors import CannotTakeOver, IsNotAsked
from tests.core.decisions.test_separation import approve, named, waits_for
from tests.support.world import ADMINISTRATOR, World, role_step


async def opened(world: World, *steps: PolicyStep, requested_by: Person | None = None) -> Approval:
    await world.a_policy([Tier("all", None, (), (), steps)])
    return (await world.an_open_approval(requested_by=requested_by)).approval


async def give(world: World, approval: Approval, giver: Person | None, to: Person) -> Approval:
    from_person = PersonId(giver.id) if giver is not None else None
    command = ReassignStep(approval.id, from_person, PersonId(to.id), "nobody else can", approval.version)
    return (await world.act(await world.an_admin(), service.reassign, command)).approval


async def takers(world: World, by: Person, approval: Approval) -> set[PersonId]:
    return {one.person_id for one in (await world.act(by, queries.takers, approval.id)).items}


async def test_a_step_with_nobody_is_given_to_somebody(world: World) -> None:
    only = await world.a_person(Role.manager)
    stuck = await opened(world, named("one", only), requested_by=only)
    assert stuck.open_step is not None
    assert stuck.open_step.candidates == ()
    taker = await world.a_person(Role.manager)
    after = await give(world, stuck, None, taker)
    assert await waits_for(world, taker, after)
    assert (await approve(world, taker, after)).state is ApprovalState.approved


async def test_a_step_of_somebody_who_left_is_given_on_by_their_name_or_without(world: World) -> None:
    gone, taker = await world.a_person(Role.manager), await world.a_person(Role.manager)
    for giver in (gone, None):
        person = gone if giver is not None else await world.a_person(Role.manager)
        approval = await opened(world, named("one", person))
        await world.act(ADMINISTRATOR, people.disable_person, DisablePerson(person.id))
        after = await give(world, approval, giver, taker)
        assert await waits_for(world, taker, after)


async def test_a_step_that_somebody_can_decide_is_taken_from_somebody(world: World) -> None:
    asked, taker = await world.a_person(Role.manager), await world.a_person(Role.manager)
    approval = await opened(world, named("one", asked))
    with pytest.raises(IsNotAsked):
        await give(world, approval, None, taker)


async def test_nobody_takes_over_from_themselves(world: World) -> None:
    asked = await world.a_person(Role.manager)
    approval = await opened(world, named("one", asked))
    with pytest.raises(CannotTakeOver):
        await give(world, approval, asked, asked)
    command = ForwardStep(approval.id, PersonId(asked.id), "", approval.version)
    with pytest.raises(CannotTakeOver):
        await world.act(asked, service.forward, command)


async def test_a_step_that_needs_two_and_has_one_gets_another(world: World) -> None:
    one, other = await world.a_person(Role.manager), await world.a_person(Role.manager)
    approval = await opened(world, PolicyStep("two", (Approver(None, one.email, None),), needs=2))
    with pytest.raises(CannotTakeOver):
        await give(world, approval, None, one)
    half = await approve(world, one, await give(world, approval, None, other))
    assert (await approve(world, other, half)).state is ApprovalState.approved


async def test_a_note_is_optional_when_forwarding(world: World) -> None:
    asked, taker = await world.a_person(Role.manager), await world.a_person(Role.manager)
    approval = await opened(world, named("one", asked))
    command = ForwardStep(approval.id, PersonId(taker.id), "", approval.version)
    assert await waits_for(world, taker, (await world.act(asked, service.forward, command)).approval)


async def test_those_are_offered_who_may_take_over(world: World) -> None:
    first, asked, free = [await world.a_person(Role.manager) for _ in range(3)]
    requester = await world.a_person(Role.requester, Role.manager)
    half = await approve(
        world, first, await opened(world, named("one", first), named("two", asked), requested_by=requester)
    )
    found = await takers(world, asked, half)
    assert free.id in found
    assert found.isdisjoint({first.id, requester.id, asked.id, (await world.a_requester()).id})
    shared = await opened(world, named("one", asked, free))
    assert {asked.id, free.id} <= await takers(world, await world.an_admin(), shared)
    needed = await opened(world, PolicyStep("all", role_step("manager").approvers, needs=2))
    assert asked.id not in await takers(world, await world.an_admin(), needed)
