"""Whoever takes over has the step's whole time again; handing to and fro delays nothing for ever."""

import datetime as dt

from core.access.roles import Role
from core.approvals.model import Approval, Step
from core.kernel.clock import FixedClock
from core.people.model import Person
from core.policies.commands import Tier
from tests.core.decisions.test_paused_clock import HOUR, advance, answer, ask, due_for_a_reminder
from tests.core.decisions.test_separation import named
from tests.core.reassignments.test_reassigning import forward, loaded, reassign
from tests.support.world import World

LENGTH = 10 * HOUR


async def two_people(world: World) -> tuple[Person, Person, Approval]:
    """Two who may decide, and a step of ten hours that waits for the first."""
    world.clock = FixedClock(world.now)
    one, other = await world.a_person(Role.manager), await world.a_person(Role.manager)
    tier = Tier("all", None, (), (), (named("one", one),), due_hours=10)
    await world.a_policy([tier])
    return one, other, (await world.an_open_approval()).approval


def open_step(approval: Approval) -> Step:
    assert approval.open_step is not None
    return approval.open_step


async def test_what_the_giver_let_pass_does_not_count_against_the_taker(world: World) -> None:
    giver, taker, approval = await two_people(world)
    advance(world, 9 * HOUR)
    step = open_step(await forward(world, giver, approval, taker))
    now = world.clock.now()
    assert (step.due_at, step.remind_at) == (now + LENGTH, now + LENGTH)
    advance(world, 9 * HOUR)
    assert await due_for_a_reminder(world) == []
    advance(world, HOUR)
    assert await due_for_a_reminder(world) == [step.id]


async def test_the_event_says_until_when(world: World) -> None:
    giver, taker, approval = await two_people(world)
    advance(world, 4 * HOUR)
    step = open_step(await forward(world, giver, approval, taker))
    [told] = await world.recorded("approval.forwarded", approval.id)
    assert dt.datetime.fromisoformat(str(told["due_at"])) == step.due_at == world.clock.now() + LENGTH


async def test_an_administrators_choice_has_the_whole_time_too(world: World) -> None:
    giver, taker, approval = await two_people(world)
    advance(world, 12 * HOUR)
    after = (await reassign(world, await world.an_admin(), approval, giver, taker)).approval
    assert open_step(after).due_at == world.clock.now() + LENGTH


async def test_handing_to_and_fro_ends_at_the_third_length(world: World) -> None:
    one, other, approval = await two_people(world)
    opened = open_step(approval).opened_at
    assert opened is not None
    for giver, taker in ((one, other), (other, one), (one, other), (other, one)):
        advance(world, 8 * HOUR)
        approval = await forward(world, giver, approval, taker)
    assert open_step(approval).due_at == opened + 3 * LENGTH
    assert await due_for_a_reminder(world) == [open_step(approval).id]


async def test_while_a_question_is_open_the_takers_time_begins_with_the_answer(world: World) -> None:
    giver, taker, approval = await two_people(world)
    advance(world, HOUR)
    await ask(world, approval, "have we none left?")
    advance(world, 2 * HOUR)
    approval = await forward(world, giver, await loaded(world, approval), taker)
    advance(world, 5 * HOUR)
    await answer(world, approval)
    step = open_step(await loaded(world, approval))
    assert (step.due_at, step.paused_at) == (world.clock.now() + LENGTH, None)


async def test_a_long_pause_is_never_taken_back(world: World) -> None:
    giver, taker, approval = await two_people(world)
    await ask(world, approval, "have we none left?")
    advance(world, 100 * HOUR)
    await answer(world, approval)
    before = open_step(await loaded(world, approval))
    advance(world, HOUR)
    after = open_step(await forward(world, giver, await loaded(world, approval), taker))
    assert (after.due_at, after.remind_at) == (before.due_at, before.remind_at)
    assert after.due_at is not None
    assert after.due_at > world.clock.now() + dt.timedelta(hours=8)
