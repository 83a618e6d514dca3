"""The stage of the demo's history: a clock that jumps, people who act, and the real use cases.

One rule: nothing is inserted by hand. Every row comes from the use case that a person would have run, at the
simulated time, over the channel ``seed``.
"""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from core.access.actor import Actor, Channel
from core.access.roles import Role
from core.kernel.clock import FixedClock
from core.uow import Uow
from core.wiring import REACTIONS

C = TypeVar("C")
R = TypeVar("R")

UseCase = Callable[[Uow, Actor, C], Awaitable[R]]


class Play:
    """One connection and one clock for the whole history; commits come from the director."""

    def __init__(self, connection: AsyncConnection, clock: FixedClock) -> None:
        self.connection = connection
        self.clock = clock
        self.cast: dict[str, Actor] = {}
        self.vendor_ids: dict[str, UUID] = {}

    def uow(self, actor: Actor) -> Uow:
        return Uow(self.connection, actor=actor, clock=self.clock, reactions=REACTIONS)

    async def act(self, actor: Actor | str, use_case: UseCase[C, R], command: C) -> R:
        """One person does one thing now."""
        player = self.cast[actor] if isinstance(actor, str) else actor
        player = player.with_call(Channel.seed, None, "seed")
        uow = self.uow(player)
        done = await use_case(uow, player, command)
        await uow.finish()
        return done

    def system(self, role: Role) -> Actor:
        return Actor.system(role, channel=Channel.seed)

    def someone(self, person_id: UUID) -> Actor:
        """The member of the cast with this id."""
        return next(actor for actor in self.cast.values() if actor.person_id == person_id)

    @property
    def now(self) -> dt.datetime:
        return self.clock.now()


def at_work(moment: dt.datetime, hour: float) -> dt.datetime:
    """The next working day's hour from this moment on (UTC), so that nobody buys on a Sunday night."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    wanted = day + dt.timedelta(hours=hour)
    while wanted <= moment or wanted.weekday() >= 5:
        day += dt.timedelta(days=1)
        wanted = day + dt.timedelta(hours=hour)
    return wanted
