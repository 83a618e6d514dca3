"""The unit of work: one transaction's connection, clock, actor and events.

One rule: a use case records events here; only the edges begin, finish and commit.

Reactions to an event run in the same transaction: an event and what follows from it are committed together or
not at all.
"""

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text

from core.access.actor import Actor
from core.db.connection import Connection
from core.kernel.clock import Clock
from core.kernel.ids import EventId
from core.log.append import RecordedEvent, append, wrap_event
from core.log.events import Event

Reaction = Callable[["Uow", Any], Awaitable[None]]
_ENTER_VENDOR_ROLE = text(
    """
    SELECT set_config('parley.vendor_id', :vendor, true),
           (SELECT set_config('role', rolname, true) FROM pg_roles
             WHERE rolname = 'parley_vendor' AND pg_has_role(current_user, oid, 'MEMBER')) AS role
    """
)
"""One round trip; the same as SET LOCAL ROLE, but only where there is a role to step down to."""

Reactions = Mapping[type[Event], tuple[Reaction, ...]]


class Uow:
    """What a use case works with; made by an edge for one transaction."""

    def __init__(self, connection: Connection, *, actor: Actor, clock: Clock, reactions: Reactions) -> None:
        self.connection = connection
        self.actor = actor
        self.clock = clock
        self._reactions = reactions
        self._recorded: list[RecordedEvent] = []
        self._cause = actor.cause
        self._fenced = False

    @property
    def now(self) -> dt.datetime:
        return self.clock.now()

    @property
    def recorded_events(self) -> tuple[RecordedEvent, ...]:
        """The events recorded so far, for the edge's wake-up and for tests."""
        return tuple(self._recorded)

    async def record(self, event: Event) -> EventId:
        """Record an event and run its reactions."""
        recorded = wrap_event(event, self.actor, self.now, self._cause)
        self._recorded.append(recorded)
        reactions = self._reactions.get(type(event), ())
        if reactions:
            before, self._cause = self._cause, recorded.id
            async with self._unfenced():
                for react in reactions:
                    await react(self, event)
            self._cause = before
        return recorded.id

    async def fence(self) -> None:
        """For a vendor: from here on the database shows only this vendor's rows.

        Without the database role there is no fence; ``up``, ``doctor`` and readiness report that.
        """
        if self.actor.vendor_id is None:
            return
        result = await self.connection.execute(_ENTER_VENDOR_ROLE, {"vendor": str(self.actor.vendor_id)})
        self._fenced = result.one().role is not None

    @asynccontextmanager
    async def _unfenced(self) -> AsyncIterator[None]:
        """Reactions run with Parley's own rights, not the vendor's, and see all rows."""
        if not self._fenced:
            yield
            return
        await self.connection.execute(text("SET LOCAL ROLE NONE"))
        self._fenced = False
        yield
        await self.connection.execute(text("SET LOCAL ROLE parley_vendor"))
        self._fenced = True

    async def finish(self) -> None:
        """Write the events into the log; the edge commits right after."""
        if self._fenced:
            await self.connection.execute(text("SET LOCAL ROLE NONE"))
            self._fenced = False
        await append(self.connection, self._recorded)
