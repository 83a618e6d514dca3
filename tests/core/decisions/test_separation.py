"""Two steps need two people: whatever roles one person has, by whichever route, and whoever deputises."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest
from sqlalchemy import update

from core.access.roles import Role
from core.approvals.model import Approval
from core.approvals.states import Verdict
from core.approvals.tables import approval_steps
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.decisions.errors import AlreadyDecided, NotCandidate, OwnRequest, SecondStep
from core.delegations import service as delegations
from core.delegations.commands import Delegate
from core.kernel.ids import PersonId
from core.people.model import Person
from core.policies.commands import Approver, PolicyStep, Tier
from core.worklist import queries as worklist
from core.worklist.model import WorkKind
from tests.support.world import World, role_step


async def approve(world: World, by: Person, approval: Approval) -> Approval:
    command = Decide(approval.id, Verdict.approve, approval.version, "")
    return (await world.act(by, decisions.decide, command)).approval


def named(step: str, *people: Person) -> PolicyStep:
    return PolicyStep(step, tuple(Approver(None, person.email, None) for person in people))


async def asked(world: World, *steps: PolicyStep, above: Sequence[PolicyStep] = ()) -> Approval:
    """An approval of 3,540 USD with these steps; ``above`` are those of the next tier."""
    tiers = [Tier("all", Decimal(10000) if above else None, (), (), steps)]
    await world.a_policy([*tiers, *([Tier("above", None, (), (), tuple(above))] if above else [])])
    return (await world.an_open_approval()).approval


async def deputise(world: World, giver: Person, deputy: Person) -> None:
    command = Delegate(PersonId(deputy.id), None, world.now + dt.timedelta(days=3), None, "away this week")
    await world.act(giver, delegations.delegate, command)


async def waits_for(world: World, person: Person, approval: Approval) -> bool:
    found = await world.act(person, lambda uow, actor, _: worklist.of_person(uow, actor), None)
    return any(item.kind is WorkKind.decide and item.subject_id == approval.id for item in found.items)


async def test_one_person_with_two_roles_decides_one_step_only(world: World) -> None:
    both, finance = await world.a_person(Role.manager, Role.finance), await world.a_finance()
    await world.a_manager()
    half = await approve(world, both, await asked(world, role_step("manager"), role_step("finance")))
    assert half.open_step is not None
    assert both.id not in half.open_step.candidates
    assert finance.id in half.open_step.candidates
    assert not await waits_for(world, both, half)
    with pytest.raises(AlreadyDecided):
        await approve(world, both, half)
    assert (await approve(world, finance, half)).state.value == "approved"


async def test_the_only_one_of_both_steps_makes_room_for_the_tier_above(world: World) -> None:
    both, finance = await world.a_person(Role.manager), await world.a_finance()
    steps = named("first", both), named("second", both)
    half = await approve(world, both, await asked(world, *steps, above=[role_step("finance")]))
    assert half.open_step is not None
    assert half.open_step.candidates == (finance.id,)
    assert (await approve(world, finance, half)).state.value == "approved"


async def test_with_nobody_else_the_second_step_waits_and_the_administrators_hear_of_it(world: World) -> None:
    both = await world.a_person(Role.manager)
    half = await approve(world, both, await asked(world, named("first", both), named("second", both)))
    assert (half.state.value, half.open_step and half.open_step.candidates) == ("pending", ())
    assert "approval.stuck" in await world.events_of(half.id)


async def test_whoever_was_represented_at_one_step_decides_no_other(world: World) -> None:
    """The deputy decided in the absent manager's place: that was the manager's step."""
    away, deputy = await world.a_person(Role.manager), await world.a_person(Role.manager)
    other = await world.a_finance()
    approval = await asked(world, named("first", away), named("second", away, other))
    await deputise(world, away, deputy)
    half = await approve(world, deputy, approval)
    assert half.steps[0].decided_for == away.id
    assert half.open_step is not None
    assert half.open_step.candidates == (other.id,)
    with pytest.raises(SecondStep) as refused:
        await approve(world, away, half)
    assert (refused.value.step, refused.value.candidates) == ("first", other.name)


async def test_the_deputy_of_two_decides_for_one_of_them(world: World) -> None:
    first, second = await world.a_person(Role.manager), await world.a_person(Role.finance)
    deputy = await world.a_person(Role.manager)
    approval = await asked(world, named("first", first), named("second", second))
    await deputise(world, first, deputy)
    await deputise(world, second, deputy)
    half = await approve(world, deputy, approval)
    assert half.open_step is not None
    assert half.open_step.deciders == (second.id,)
    assert not await waits_for(world, deputy, half)
    with pytest.raises(AlreadyDecided):
        await approve(world, deputy, half)
    assert (await approve(world, second, half)).state.value == "approved"


async def test_a_step_that_opened_before_this_rule_is_not_decided_twice_either(world: World) -> None:
    """Candidates stored by an earlier version: the decision itself is checked."""
    both, finance = await world.a_person(Role.manager, Role.finance), await world.a_finance()
    await world.a_manager()
    half = await approve(world, both, await asked(world, role_step("manager"), role_step("finance")))
    assert half.open_step is not None
    async with world.engine.begin() as connection:
        kept = approval_steps.c
        await connection.execute(
            update(approval_steps)
            .where(kept.id == half.open_step.id)
            .values(candidates=[both.id, *half.open_step.candidates])
        )
    with pytest.raises(SecondStep) as refused:
        await approve(world, both, half)
    assert finance.name in refused.value.candidates
    assert both.name not in refused.value.candidates


async def test_a_requester_decides_at_no_step_and_by_no_deputy(world: World) -> None:
    """The requester has both roles, and a colleague who decides in their place."""
    asker, deputy = await world.a_person(Role.requester, Role.manager, Role.finance), await world.a_finance()
    manager = await world.a_manager()
    await deputise(world, asker, deputy)
    await world.a_policy(
        [Tier("all", None, (), (), (named("first", asker, manager), named("second", asker)))]
    )
    approval = (await world.an_open_approval(requested_by=asker)).approval
    assert [step.candidates for step in approval.steps] == [(manager.id,), ()]
    with pytest.raises(OwnRequest):
        await approve(world, asker, approval)
    with pytest.raises(NotCandidate):
        await approve(world, deputy, approval)
    half = await approve(world, manager, approval)
    assert half.state.value == "pending"
    with pytest.raises(NotCandidate):
        await approve(world, deputy, half)
