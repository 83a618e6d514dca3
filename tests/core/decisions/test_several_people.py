"""A step that needs several people, and a policy that asks somebody once at consecutive steps."""

import pytest

from core.access.actor import Actor
from core.access.roles import Role
from core.approvals.model import Approval
from core.approvals.states import ApprovalState, StepState, Verdict
from core.decisions import queries
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.decisions.errors import NotCandidate, SecondStep
from core.escalations import service as escalations
from core.escalations.commands import HandleStuckStep
from core.kernel.ids import PersonId
from core.kernel.policy_terms import AskOnce
from core.people import service as people
from core.people.commands import DisablePerson
from core.people.model import Person
from core.policies import service as policies
from core.policies.commands import Approver, PolicyStep, SetPolicy, Tier
from tests.core.decisions.test_separation import approve, deputise, named, waits_for
from tests.support.world import ADMINISTRATOR, World, role_step


async def opened(world: World, *steps: PolicyStep, ask_once: AskOnce = AskOnce.never) -> Approval:
    await world.a_policy([Tier("all", None, (), (), steps, ask_once=ask_once)])
    return (await world.an_open_approval()).approval


async def opened_with_undo(world: World, *steps: PolicyStep) -> Approval:
    """By a policy that asks once and leaves a minute to undo."""
    tier = Tier("all", None, (), (), steps, ask_once=AskOnce.consecutive)
    await world.act(ADMINISTRATOR, policies.set_policy, SetPolicy("USD", (tier,), None, undo_seconds=60))
    return (await world.an_open_approval()).approval


async def undo(world: World, by: Person, approval: Approval) -> Approval:
    command = Decide(approval.id, Verdict.undo, approval.version, "")
    return (await world.act(by, decisions.decide, command)).approval


def states(approval: Approval) -> list[StepState]:
    return [step.state for step in approval.steps]


def two_of(role: str) -> PolicyStep:
    return PolicyStep(role, (Approver(role, None, None),), needs=2)


async def test_two_different_people_approve_a_step_that_needs_two(world: World) -> None:
    one, other = await world.a_person(Role.finance), await world.a_person(Role.finance)
    half = await approve(world, one, await opened(world, two_of("finance")))
    step = half.open_step
    assert step is not None
    assert (half.state, step.approved_by, step.still_needed) == (ApprovalState.pending, (one.id,), 1)
    assert await waits_for(world, other, half)
    assert not await waits_for(world, one, half)
    assert (await approve(world, other, half)).state is ApprovalState.approved


async def test_whoever_approved_does_not_count_a_second_time(world: World) -> None:
    one = await world.a_person(Role.finance)
    await world.a_person(Role.finance)
    half = await approve(world, one, await opened(world, two_of("finance")))
    with pytest.raises(SecondStep):
        await approve(world, one, half)


async def test_a_deputy_of_whoever_approved_does_not_count_either(world: World) -> None:
    one, deputy = await world.a_person(Role.finance), await world.a_person(Role.manager)
    await world.a_person(Role.finance)
    half = await approve(world, one, await opened(world, two_of("finance")))
    await deputise(world, one, deputy)
    with pytest.raises(NotCandidate):
        await approve(world, deputy, half)


async def test_one_of_several_rejects_for_all(world: World) -> None:
    one, other = await world.a_person(Role.finance), await world.a_person(Role.finance)
    half = await approve(world, one, await opened(world, two_of("finance")))
    command = Decide(half.id, Verdict.reject, half.version, "too dear")
    assert (await world.act(other, decisions.decide, command)).approval.state is ApprovalState.rejected


async def test_too_few_people_are_reported_when_the_step_opens(world: World) -> None:
    only = await world.a_person(Role.finance)
    approval = await opened(world, PolicyStep("two", (Approver(None, only.email, None),), needs=2))
    assert "approval.stuck" in await world.events_of(approval.id)


async def test_the_same_person_at_consecutive_steps_is_asked_once_where_the_policy_says_so(
    world: World,
) -> None:
    both = await world.a_person(Role.manager)
    steps = named("first", both), named("second", both)
    done = await approve(world, both, await opened(world, *steps, ask_once=AskOnce.consecutive))
    assert done.state is ApprovalState.approved
    assert [step.state for step in done.steps] == [StepState.done, StepState.skipped]
    assert "approval.step_skipped" in await world.events_of(done.id)


async def test_without_that_policy_the_second_step_needs_another_person(world: World) -> None:
    both = await world.a_person(Role.manager)
    half = await approve(world, both, await opened(world, named("first", both), named("second", both)))
    assert half.state is ApprovalState.pending
    assert both.id not in half.open_step.candidates if half.open_step else False


async def test_steps_that_do_not_follow_at_once_are_not_one(world: World) -> None:
    both, finance = await world.a_person(Role.manager), await world.a_finance()
    steps = named("first", both), role_step("finance"), named("third", both)
    opened_now = await opened(world, *steps, ask_once=AskOnce.consecutive)
    half = await approve(world, finance, await approve(world, both, opened_now))
    assert half.state is ApprovalState.pending
    assert half.open_step is not None
    assert (half.open_step.name, both.id in half.open_step.candidates) == ("third", False)


async def test_a_step_that_needs_two_is_never_passed_over(world: World) -> None:
    both = await world.a_person(Role.finance)
    steps = named("first", both), two_of("finance")
    half = await approve(world, both, await opened(world, *steps, ask_once=AskOnce.consecutive))
    assert half.state is ApprovalState.pending
    assert half.open_step is not None
    assert both.id not in half.open_step.candidates


async def test_a_step_that_was_passed_over_is_asked_after_an_undo(world: World) -> None:
    both, other = await world.a_person(Role.manager), await world.a_person(Role.manager)
    finance = await world.a_finance()
    steps = named("first", both, other), named("second", both, finance)
    done = await approve(world, both, await opened_with_undo(world, *steps))
    assert states(done) == [StepState.done, StepState.skipped]
    undone = await undo(world, both, done)
    assert states(undone) == [StepState.open, StepState.waiting]
    half = await approve(world, other, undone)
    assert (half.state, states(half)) == (ApprovalState.pending, [StepState.done, StepState.open])
    assert (await approve(world, finance, half)).state is ApprovalState.approved


async def test_whoever_approves_again_after_an_undo_is_still_asked_once(world: World) -> None:
    both = await world.a_person(Role.manager)
    done = await approve(
        world, both, await opened_with_undo(world, named("first", both), named("second", both))
    )
    again = await approve(world, both, await undo(world, both, done))
    assert (again.state, states(again)) == (ApprovalState.approved, [StepState.done, StepState.skipped])


async def test_an_undo_leaves_what_was_passed_over_for_an_earlier_step(world: World) -> None:
    both, finance = await world.a_person(Role.manager), await world.a_finance()
    steps = named("first", both), named("second", both, finance), named("third", finance)
    half = await approve(world, both, await opened_with_undo(world, *steps))
    undone = await undo(world, finance, await approve(world, finance, half))
    assert states(undone) == [StepState.done, StepState.skipped, StepState.open]
    assert (await approve(world, finance, undone)).state is ApprovalState.approved


async def test_an_undo_of_an_escalated_step_asks_what_was_passed_over_after_it(world: World) -> None:
    """The head of the department is asked in the place of whoever left."""
    gone, both = await world.a_person(Role.manager), await world.a_manager()
    stuck = await opened_with_undo(world, named("first", gone), named("second", both))
    await world.act(ADMINISTRATOR, people.disable_person, DisablePerson(PersonId(gone.id)))
    assert stuck.open_step is not None
    system = Actor.system(Role.system_deadlines)
    await world.act(system, escalations.handle_stuck_step, HandleStuckStep(stuck.open_step.id))
    asked = (await world.act(both, queries.show, stuck.id)).approval
    done = await approve(world, both, asked)
    assert states(done) == [StepState.escalated, StepState.skipped, StepState.done]
    undone = await undo(world, both, done)
    assert states(undone) == [StepState.escalated, StepState.waiting, StepState.open]
