"""A step that needs several people, and a policy that asks somebody once at consecutive steps."""

import pytest

from core.access.roles import Role
from core.approvals.model import Approval
from core.approvals.states import ApprovalState, StepState, Verdict
from core.decisions.errors import NotCandidate, SecondStep
from core.kernel.policy_terms import AskOnce
from core.policies.commands import Approver, PolicyStep, Tier
from tests.core.decisions.test_separation import approve, deputise, named, waits_for
from tests.support.world import World, role_step


async def opened(world: World, *steps: PolicyStep, ask_once: AskOnce = AskOnce.never) -> Approval:
    await world.a_policy([Tier("all", None, (), (), steps, ask_once=ask_once)])
    return (await world.an_open_approval()).approval


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
    from core.decisions import service as decisions
    from core.decisions.commands import Decide

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
