"""The worklist: by person and by purchase it says the same, in every state of a purchase."""

from collections import Counter
from uuid import UUID

from sqlalchemy import select

from core.access.actor import Actor
from core.access.roles import Role
from core.approvals import repo as approvals
from core.people import repo as people_repo
from core.people.model import Person
from core.people.tables import people
from core.worklist import queries
from core.worklist.model import WorkItem, WorkKind
from core.worklist.queries import WorkQuery
from tests.support.purchase_walk import walk
from tests.support.uow import begin
from tests.support.world import World

SYSTEM = Actor.system(Role.system_approvals)


async def everybody(world: World) -> list[Person]:
    async with world.engine.connect() as connection:
        ids = await connection.scalars(select(people.c.id).where(people.c.active))
    return [await world.person(person_id) for person_id in ids]


async def of_purchase(world: World, request_id: UUID) -> list[WorkItem]:
    async with begin(world.engine, SYSTEM, world.clock) as uow:
        return list(await queries.of_purchase(uow, request_id))


async def of_people(world: World, request_id: UUID) -> list[WorkItem]:
    """What everybody's own worklist says about this purchase; each count is checked against the list."""
    found: list[WorkItem] = []
    for person in await everybody(world):
        actor = people_repo.as_actor(person)
        async with begin(world.engine, actor, world.clock) as uow:
            mine = await queries.of_person(uow, actor, WorkQuery(1_000))
            counted = await queries.counts(uow, actor)
        assert {item.person_id for item in mine.items} <= {person.id}
        assert mine.in_all == len(mine.items)
        assert counted == Counter(item.kind for item in mine.items)
        found += [item for item in mine.items if item.request_id == request_id]
    return found


async def who_is_asked(world: World, request_id: UUID) -> frozenset[tuple[WorkKind, UUID]]:
    """Who has what to do in this purchase, after checking that both ways of asking agree."""
    by_purchase = await of_purchase(world, request_id)
    by_person = await of_people(world, request_id)
    assert Counter(by_purchase) == Counter(by_person)
    assert max(Counter(by_purchase).values(), default=1) == 1
    return frozenset((item.kind, item.person_id) for item in by_purchase)


async def test_every_state_of_a_purchase_waits_for_the_right_people(world: World) -> None:
    stops = 0
    async for stop in walk(world):
        assert (stop.name, await who_is_asked(world, stop.request_id)) == (stop.name, stop.waits)
        stops += 1
    assert stops >= 30


async def test_what_waits_for_a_decision_is_what_the_pure_rule_says(world: World) -> None:
    """The SELECT and ``policy.with_deputies`` say the same about deputies, at every stop where nobody is first."""
    compared = 0
    async for stop in walk(world):
        async with begin(world.engine, SYSTEM, world.clock) as uow:
            approval = await approvals.pending_of_purchase(uow, stop.request_id)
        step = approval.open_step if approval else None
        if step is None or step.routed_at is None:
            continue
        deciding = {
            item.person_id
            for item in await of_purchase(world, stop.request_id)
            if item.kind is WorkKind.decide
        }
        assert deciding <= set(step.deciders), stop.name
        if step.asked_first is None:
            assert deciding == set(step.deciders), stop.name
            compared += 1
    assert compared >= 6
