"""While a question is open the clock of the step stands still; then it goes on from where it stood."""

import datetime as dt

from core.access.actor import Actor
from core.access.roles import Role
from core.approvals.model import Approval
from core.approvals.states import Verdict
from core.decisions import queries
from core.decisions import service as decisions
from core.decisions.commands import AnswerQuestion, Decide
from core.escalations import repo as escalations
from core.escalations import service as reminding
from core.escalations.commands import RemindStep
from core.kernel.clock import FixedClock
from core.kernel.ids import StepId
from core.uow import Uow
from tests.support.world import World

HOUR = dt.timedelta(hours=1)


async def asked(world: World) -> Approval:
    """An approval about which its approver asked ten hours after it was opened."""
    clock = FixedClock(world.now)
    world.clock = clock
    approval = (await world.an_open_approval()).approval
    clock.advance(10 * HOUR)
    await ask(world, approval, "have we none left?")
    return approval


async def ask(world: World, approval: Approval, text: str) -> None:
    manager = await world.person(approval.steps[0].candidates[0])
    await world.act(manager, decisions.decide, Decide(approval.id, Verdict.ask, approval.version, text))


async def answer(world: World, approval: Approval) -> None:
    requester = await world.person(approval.requested_by)
    await world.act(requester, decisions.answer, AnswerQuestion(approval.id, "no, none"))


def advance(world: World, by: dt.timedelta) -> None:
    assert isinstance(world.clock, FixedClock)
    world.clock.advance(by)


async def due_for_a_reminder(world: World) -> list[StepId]:
    async def found(uow: Uow, actor: Actor, _: None) -> list[StepId]:
        return list(await escalations.overdue(uow, uow.now))

    return await world.act(Actor.system(Role.system_deadlines), found, None)


async def loaded(world: World, approval: Approval) -> Approval:
    return (await world.act(await world.an_auditor(), queries.show, approval.id)).approval


async def test_nobody_is_reminded_while_a_question_is_open(world: World) -> None:
    approval = await asked(world)
    advance(world, 300 * HOUR)
    assert await due_for_a_reminder(world) == []
    step_id = approval.steps[0].id
    await world.act(Actor.system(Role.system_deadlines), reminding.remind, RemindStep(step_id))
    assert (await loaded(world, approval)).steps[0].reminders == 0


async def test_after_the_answer_all_times_are_later_by_the_pause(world: World) -> None:
    approval = await asked(world)
    before = approval.steps[0]
    advance(world, 30 * HOUR)
    await answer(world, approval)
    after = (await loaded(world, approval)).steps[0]
    assert before.due_at is not None
    assert before.remind_at is not None
    assert (after.due_at, after.remind_at) == (before.due_at + 30 * HOUR, before.remind_at + 30 * HOUR)
    advance(world, 13 * HOUR)
    assert await due_for_a_reminder(world) == []
    advance(world, HOUR)
    assert await due_for_a_reminder(world) == [before.id]


async def test_with_two_questions_the_clock_waits_for_both_answers(world: World) -> None:
    approval = await asked(world)
    advance(world, HOUR)
    await ask(world, approval, "and next year?")
    await answer(world, approval)
    assert (await loaded(world, approval)).steps[0].paused_at is not None
    advance(world, HOUR)
    await answer(world, approval)
    after = (await loaded(world, approval)).steps[0]
    assert approval.steps[0].due_at is not None
    assert (after.paused_at, after.due_at) == (None, approval.steps[0].due_at + 2 * HOUR)
