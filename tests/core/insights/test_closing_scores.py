"""What a run closes: all scores of its feature, or those of its subjects, however many there are."""

from datetime import date

from core.access.actor import Actor
from core.access.roles import Role
from core.insights.model import NewScore, ScoreSubject
from core.insights.service import RunOutcome, begin_run, finish_run
from core.insights.states import Feature
from core.uow import Uow
from tests.support.postgres import Database
from tests.support.world import World

INSIGHTS = Actor.system(Role.system_insights)
DAY = date(2026, 1, 5)
MANY = 20_000
OPEN = "SELECT subject_id, value FROM ml_scores WHERE superseded_at IS NULL ORDER BY subject_id"


async def run(world: World, outcome: RunOutcome) -> None:
    async def begin_and_finish(uow: Uow, actor: Actor, found: RunOutcome) -> None:
        begun = await begin_run(uow, actor, Feature.demand, version="tests", parameters={})
        await finish_run(uow, actor, begun, found)

    await world.act(INSIGHTS, begin_and_finish, outcome)


def scores(count: int, value: float) -> list[NewScore]:
    return [
        NewScore(ScoreSubject("item", f"{number:05}"), "quarter", value, value, value, 5, DAY, DAY)
        for number in range(count)
    ]


async def test_a_run_over_twenty_thousand_subjects_closes_theirs_and_no_other(
    world: World, database: Database
) -> None:
    await run(world, RunOutcome(scores(MANY + 1, 1), {}, MANY))
    again = scores(MANY, 2)
    await run(world, RunOutcome(again, {}, MANY, only=[each.subject for each in again]))
    open_ = await database.hand.fetch(OPEN)
    assert [row["value"] for row in open_] == [2] * MANY + [1]


async def test_a_run_without_subjects_closes_all_of_its_feature_and_one_over_none_closes_nothing(
    world: World, database: Database
) -> None:
    await run(world, RunOutcome(scores(3, 1), {}, 3))
    await run(world, RunOutcome((), {}, 0, only=()))
    assert len(await database.hand.fetch(OPEN)) == 3
    await run(world, RunOutcome(scores(1, 2), {}, 1))
    assert [row["value"] for row in await database.hand.fetch(OPEN)] == [2]
