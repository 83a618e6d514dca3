"""Runs the demo's history: a clock that jumps, people who act, and the real use cases.

One rule: no row is inserted directly; each comes from a use case that a person would have run.

It runs at the simulated time, over the channel ``seed``.
"""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from core.access.actor import Actor, Channel
from core.access.roles import Role
from core.db.connection import Connection
from core.kernel.clock import FixedClock
from core.uow import Uow
from core.wiring import REACTIONS

C = TypeVar("C")
R = TypeVar("R")

UseCase = Callable[[Uow, Actor, C], Awaitable[R]]


class DemoHistory:
    """One connection and one clock for the whole history; the simulation commits."""

    def __init__(self, connection: Connection, clock: FixedClock) -> None:
        self.connection = connection
        self.clock = clock
        self.actors: dict[str, Actor] = {}
        self.vendor_ids: dict[str, UUID] = {}

    def uow(self, actor: Actor) -> Uow:
        return Uow(self.connection, actor=actor, clock=self.clock, reactions=REACTIONS)

    async def run(self, actor: Actor | str, use_case: UseCase[C, R], command: C) -> R:
        """Run one use case of one person now."""
        acting = self.actors[actor] if isinstance(actor, str) else actor
        acting = acting.with_call(Channel.seed, None, "seed")
        uow = self.uow(acting)
        result = await use_case(uow, acting, command)
        await uow.finish()
        return result

    def system(self, role: Role) -> Actor:
        return Actor.system(role, channel=Channel.seed)

    def actor_of(self, person_id: UUID) -> Actor:
        """The demo person with this id."""
        return next(actor for actor in self.actors.values() if actor.person_id == person_id)

    @property
    def now(self) -> dt.datetime:
        return self.clock.now()


def next_working_hour(moment: dt.datetime, hour: float) -> dt.datetime:
    """The next working day's hour from this moment on (UTC), so that nobody buys on a Sunday night."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    candidate = day + dt.timedelta(hours=hour)
    while candidate <= moment or candidate.weekday() >= 5:
        day += dt.timedelta(days=1)
        candidate = day + dt.timedelta(hours=hour)
    return candidate
