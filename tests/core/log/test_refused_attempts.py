"""Refused attempts: who tried what against which rule, once each, and no flood of them."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select

from api.server.edge import REFUSALS_PER_HOUR, Edge, Engines, Operation
from api.server.wake import Waker
from core.access.actor import Actor
from core.access.roles import Role
from core.approvals.states import Verdict
from core.decisions.commands import Decide
from core.kernel.clock import FixedClock
from core.kernel.errors import MissingPermission, Refused
from core.kernel.ids import ApprovalId, new_id
from core.log.refused_attempts import REFUSABLE, REFUSED_EVENTS, refused_event
from core.log.tables import audit_events
from core.people.repo import as_actor
from core.uow import Uow
from tests.core.log.log_env import ROSA, noted
from tests.support.uow import NOW
from tests.support.world import World

SUBJECT = ApprovalId(new_id())
DECIDE = Decide(SUBJECT, Verdict.reject, 1, "words that nobody else should read")


@dataclass
class EdgeEnv:
    """An edge whose clock stands still, and what came to be on record."""

    world: World
    edge: Edge
    clock: FixedClock

    async def tries(self, actor: Actor, command: object = DECIDE) -> None:
        """A use case that records a fact, and then finds that this person may not."""

        async def work(uow: Uow, actor: Actor) -> None:
            await uow.record(noted("never"))
            raise MissingPermission("approvals:decide", "managers")

        operation = Operation(actor, "POST /approvals", "approvals", command, 200, None, b"")
        with pytest.raises(Refused):
            await self.edge.run(operation, work, lambda made: made)

    async def written(self, actor: Actor) -> list[str]:
        event = audit_events.c
        async with self.world.engine.connect() as connection:
            rows = await connection.scalars(
                select(event.data["code"].astext).where(event.actor == actor.label).order_by(event.seq)
            )
            return list(rows)


@pytest.fixture
def edge_env(world: World) -> EdgeEnv:
    clock = FixedClock(NOW)
    return EdgeEnv(world, Edge(Engines(world.engine, world.engine), clock, {}, Waker(world.engine)), clock)


async def test_a_refused_attempt_leaves_its_refusal_and_nothing_else(edge_env: EdgeEnv) -> None:
    actor = as_actor(await edge_env.world.a_requester())
    await edge_env.tries(actor)
    event = audit_events.c
    async with edge_env.world.engine.connect() as connection:
        written = (
            await connection.execute(
                select(event.type, event.subject_id, event.data, event.canonical).where(
                    event.actor == actor.label
                )
            )
        ).one()
    assert (written.type, written.subject_id) == ("approval.refused", SUBJECT)
    assert written.data["attempt"] == "POST /approvals"
    assert written.data["facts"] == {"permission": "approvals:decide", "who": "managers"}
    assert DECIDE.comment not in written.canonical


async def test_each_person_has_sixty_an_hour_and_then_one_summary(edge_env: EdgeEnv) -> None:
    rosa = as_actor(await edge_env.world.a_requester())
    oscar = as_actor(await edge_env.world.an_officer())
    for _ in range(REFUSALS_PER_HOUR + 5):
        await edge_env.tries(rosa)
    await edge_env.tries(oscar)
    assert await edge_env.written(rosa) == ["forbidden"] * 60 + ["refusals.many"]
    assert await edge_env.written(oscar) == ["forbidden"]
    edge_env.clock.advance(dt.timedelta(hours=1))
    await edge_env.tries(rosa)
    assert (await edge_env.written(rosa))[-2:] == ["refusals.many", "forbidden"]


@pytest.mark.parametrize("actor", [Actor.service(Role.service_bot), Actor.anonymous()])
async def test_whoever_is_not_signed_in_is_not_on_record(edge_env: EdgeEnv, actor: Actor) -> None:
    await edge_env.tries(actor)
    assert await edge_env.written(actor) == []


@pytest.mark.parametrize(
    ("slice_name", "command", "kind", "subject"),
    [
        ("approvals", DECIDE, "approval", SUBJECT),
        ("orders", UUID(int=5), "order", UUID(int=5)),
        ("vendors", UUID(int=5), "vendor", UUID(int=5)),
        ("exports", UUID(int=5), "person", UUID(int=7)),
        ("exports", None, "person", UUID(int=7)),
    ],
)
def test_a_refusal_names_what_it_was_about(
    slice_name: str, command: object, kind: str, subject: UUID
) -> None:
    error = MissingPermission("orders:read", "officers")
    fact = refused_event(ROSA, "GET /x", slice_name, command, error)
    assert (fact.type, fact.subject_kind, fact.subject_id) == (f"{kind}.refused", kind, subject)
    assert fact.code == error.code


def test_every_kind_of_refusal_has_its_event() -> None:
    assert {each.type for each in REFUSED_EVENTS.values()} == {f"{kind}.refused" for kind in REFUSABLE}
