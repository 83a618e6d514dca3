"""Who is asked changes: forwarded, reassigned, planned again by a new policy, reported when somebody leaves."""

import pytest

from core.access.roles import Role
from core.approvals.model import Approval, ApprovalDetails
from core.approvals.states import ApprovalState, StepState
from core.decisions.errors import NotCandidate, OwnRequest
from core.kernel.errors import MissingPermission, Stale
from core.kernel.ids import PersonId
from core.people import service as people
from core.people.commands import DisablePerson
from core.people.model import Person
from core.policies.commands import Approver, PolicyStep, SetPolicy, Tier
from core.reassignments import service as reassignments
from core.reassignments.commands import ForwardStep, ReassignStep
from core.reassignments.errors import CannotTakeOver, IsNotAsked
from core.reassignments.service import PolicyWithReplanned
from tests.core.decisions.test_separation import approve, named, waits_for
from tests.support.world import ADMINISTRATOR, World, role_step


async def opened(world: World, *steps: PolicyStep) -> Approval:
    await world.a_policy([Tier("all", None, (), (), steps)])
    return (await world.an_open_approval()).approval


async def forward(world: World, by: Person, approval: Approval, to: Person) -> Approval:
    command = ForwardStep(approval.id, PersonId(to.id), "knows the project", approval.version)
    return (await world.act(by, reassignments.forward, command)).approval


async def reassign(
    world: World, by: Person, approval: Approval, giver: Person, to: Person
) -> ApprovalDetails:
    command = ReassignStep(
        approval.id, PersonId(giver.id), PersonId(to.id), "is on holiday", approval.version
    )
    return await world.act(by, reassignments.reassign, command)


async def set_policy(world: World, *steps: PolicyStep) -> PolicyWithReplanned:
    tiers = (Tier("all", None, (), (), steps),)
    return await world.act(ADMINISTRATOR, reassignments.set_policy, SetPolicy("USD", tiers, None))


async def test_a_forwarded_step_waits_for_the_other(world: World) -> None:
    giver, taker = await world.a_person(Role.manager), await world.a_person(Role.manager)
    before = await opened(world, named("one", giver))
    after = await forward(world, giver, before, taker)
    assert before.open_step is not None
    assert after.open_step is not None
    assert after.open_step.candidates == (taker.id,)
    assert after.version == before.version + 1
    assert await waits_for(world, taker, after)
    assert not await waits_for(world, giver, after)
    assert "approval.forwarded" in await world.events_of(after.id)
    assert (await approve(world, taker, after)).state is ApprovalState.approved


async def test_only_whoever_is_asked_forwards(world: World) -> None:
    giver, taker = await world.a_person(Role.manager), await world.a_person(Role.manager)
    approval = await opened(world, named("one", giver))
    with pytest.raises(NotCandidate):
        await forward(world, taker, approval, taker)


async def test_nobody_takes_over_who_is_excluded_or_may_not_decide_or_decided_already(world: World) -> None:
    giver, first = await world.a_person(Role.manager), await world.a_person(Role.finance)
    half = await approve(world, first, await opened(world, named("one", first), named("two", giver)))
    requester = await world.person(half.requested_by)
    for taker in (first, requester, await world.a_person(Role.requester)):
        with pytest.raises(CannotTakeOver):
            await forward(world, giver, half, taker)


async def test_forwarding_what_was_seen_in_an_older_version_is_refused(world: World) -> None:
    giver, taker = await world.a_person(Role.manager), await world.a_person(Role.manager)
    approval = await opened(world, named("one", giver))
    command = ForwardStep(approval.id, PersonId(taker.id), "knows it", approval.version + 1)
    with pytest.raises(Stale):
        await world.act(giver, reassignments.forward, command)


async def test_an_administrator_reassigns_and_nobody_else_does(world: World) -> None:
    giver, taker = await world.a_person(Role.manager), await world.a_person(Role.manager)
    approval = await opened(world, named("one", giver))
    with pytest.raises(MissingPermission):
        await reassign(world, giver, approval, giver, taker)
    admin = await world.an_admin()
    after = (await reassign(world, admin, approval, giver, taker)).approval
    assert await waits_for(world, taker, after)
    assert not await waits_for(world, giver, after)
    assert "approval.reassigned" in await world.events_of(after.id)
    with pytest.raises(IsNotAsked):
        await reassign(world, admin, after, giver, taker)


async def test_an_administrator_does_not_pick_who_decides_their_own_request(world: World) -> None:
    giver, taker = await world.a_person(Role.manager), await world.a_person(Role.manager)
    await world.a_policy([Tier("all", None, (), (), (named("one", giver),))])
    own = await world.a_person(Role.requester, Role.admin)
    approval = (await world.an_open_approval(requested_by=own)).approval
    with pytest.raises(OwnRequest, match=giver.name):
        await reassign(world, own, approval, giver, taker)
    assert await waits_for(world, giver, approval)


async def test_a_step_that_needs_two_keeps_two(world: World) -> None:
    one, two, three = [await world.a_person(Role.manager) for _ in range(3)]
    both = PolicyStep("two", tuple(Approver(None, each.email, None) for each in (one, two)), needs=2)
    approval = await opened(world, both)
    with pytest.raises(CannotTakeOver):
        await forward(world, one, approval, two)
    with pytest.raises(CannotTakeOver):
        await reassign(world, await world.an_admin(), approval, one, two)
    half = await approve(world, two, await forward(world, one, approval, three))
    assert (await approve(world, three, half)).state is ApprovalState.approved


async def test_of_several_who_are_asked_one_may_hand_on_to_another(world: World) -> None:
    one, other = await world.a_person(Role.manager), await world.a_person(Role.manager)
    after = await forward(world, one, await opened(world, named("one", one, other)), other)
    assert after.open_step is not None
    assert after.open_step.candidates == (other.id,)


async def test_a_new_policy_plans_stuck_approvals_again_and_names_them(world: World) -> None:
    only, finance = await world.a_person(Role.manager), await world.a_finance()
    half = await approve(world, only, await opened(world, named("one", only), named("two", only)))
    assert "approval.stuck" in await world.events_of(half.id)
    answer = await set_policy(world, named("one", only), role_step("finance"))
    assert answer.replanned == (half.id,)
    assert "approval.replanned" in await world.events_of(half.id)
    done = await approve(world, finance, await loaded(world, half))
    assert (done.state, done.policy_version) == (ApprovalState.approved, answer.policy.version)
    assert [step.state for step in done.steps] == [StepState.done, StepState.escalated, StepState.done]


async def test_an_approval_that_somebody_can_decide_keeps_its_policy(world: World) -> None:
    manager = await world.a_manager()
    approval = await opened(world, named("one", manager))
    assert (await set_policy(world, role_step("finance"))).replanned == ()
    after = await loaded(world, approval)
    assert (after.policy_version, after.version) == (approval.policy_version, approval.version)


async def test_a_policy_that_has_nobody_either_leaves_it_stuck(world: World) -> None:
    only = await world.a_person(Role.manager)
    half = await approve(world, only, await opened(world, named("one", only), named("two", only)))
    assert (await set_policy(world, named("one", only), named("two", only))).replanned == ()
    assert (await loaded(world, half)).version == half.version


async def test_the_open_steps_of_somebody_who_is_disabled_are_reported(world: World) -> None:
    gone, other = await world.a_person(Role.manager), await world.a_person(Role.manager)
    shared = await opened(world, named("one", gone, other))
    await world.act(ADMINISTRATOR, people.disable_person, DisablePerson(PersonId(gone.id)))
    assert "approval.candidate_left" in await world.events_of(shared.id)
    assert not await waits_for(world, gone, shared)
    assert await waits_for(world, other, shared)


async def loaded(world: World, approval: Approval) -> Approval:
    from core.decisions import queries

    return (await world.act(await world.an_auditor(), queries.show, approval.id)).approval
