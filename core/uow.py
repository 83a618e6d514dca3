"""The unit of work: one transaction's connection, clock, actor and events.

One rule: a use case records events here; only the edges begin, finish and commit.

Reactions to an event run in the same transaction: an event and what follows from it are committed together or
not at all.
"""

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Table, text

from core.access.actor import Actor
from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.db.idempotency import KeyedResponse
from core.db.locks import lock_purchase, lock_purchase_of
from core.db.pending import Write
from core.kernel.clock import Clock
from core.kernel.ids import EventId
from core.log.append import RecordedEvent, append, wrap_event
from core.log.events import Event

Reaction = Callable[["Uow", Any], Awaitable[None]]
VENDOR_ROLE = "parley_vendor"
FENCE = f"""
    set_config('parley.vendor_id', :vendor, true) AS vendor,
    (SELECT set_config('role', rolname, true) FROM pg_roles
      WHERE rolname = '{VENDOR_ROLE}' AND pg_has_role(current_user, oid, 'MEMBER')) AS role
"""
"""Two columns; the same as SET LOCAL ROLE, but only where there is a role to step down to."""
_FENCE = Prebuilt(text(f"SELECT {FENCE}"))

Reactions = Mapping[type[Event], tuple[Reaction, ...]]


class HasId(Protocol):
    """An aggregate, as its repository reads it."""

    @property
    def id(self) -> UUID: ...


T = TypeVar("T")
Aggregate = TypeVar("Aggregate", bound=HasId)


class Uow:
    """What a use case works with; made by an edge for one transaction."""

    def __init__(self, connection: Connection, *, actor: Actor, clock: Clock, reactions: Reactions) -> None:
        self.connection = connection
        self.actor = actor
        self._clock = clock
        self._now: dt.datetime | None = None
        self._reactions = reactions
        self._recorded: list[RecordedEvent] = []
        self._afterwards: list[Write] = []
        self._cause = actor.cause
        self._locked: set[UUID] = set()
        self._found: set[tuple[Table, UUID]] = set()
        self._seen: dict[tuple[type, UUID], object] = {}

    @property
    def now(self) -> dt.datetime:
        """The moment by which this transaction goes: what was in time is also dated so."""
        if self._now is None:
            self._now = self._clock.now()
        return self._now

    def heard(self, shown: dt.datetime) -> None:
        """From here on go by what PostgreSQL's clock has just shown."""
        self._now = self._clock.heard(shown)

    @property
    def recorded_events(self) -> tuple[RecordedEvent, ...]:
        """The events recorded so far, for the edge's wake-up and for tests."""
        return tuple(self._recorded)

    async def lock_purchase(self, request_id: UUID) -> None:
        """Wait until no other command is changing this purchase; from then on, what is read of it is kept."""
        if request_id not in self._locked:
            self.heard((await lock_purchase(self.connection, request_id)).locked_at)
            self._locked.add(request_id)

    async def lock_purchase_of(self, table: Table, row_id: UUID) -> None:
        """The same for the purchase that a row belongs to; nothing happens when there is no such row."""
        if (table, row_id) not in self._found:
            purchase = await lock_purchase_of(self.connection, table, row_id)
            if purchase is not None:
                self.heard(purchase.locked_at)
                self.locked(table, row_id, purchase.request_id)

    def locked(self, table: Table, row_id: UUID, request_id: UUID) -> None:
        """The purchase of this row is locked."""
        self._found.add((table, row_id))
        self._locked.add(request_id)

    def keep(self, request_id: UUID, whole: Aggregate) -> Aggregate:
        """Keep an aggregate as it now stands, if its purchase is locked: nobody else can change it then."""
        if request_id in self._locked:
            self._seen[type(whole), whole.id] = whole
        return whole

    def seen(self, kind: type[T], row_id: UUID) -> T | None:
        """The aggregate, if this transaction has read or written it under the purchase's lock."""
        found = self._seen.get((kind, row_id))
        return found if isinstance(found, kind) else None

    def forget(self, kind: type[object], row_id: UUID) -> None:
        """Read it again next time, because a part of it was changed by itself."""
        self._seen.pop((kind, row_id), None)

    def forget_all(self, kind: type[object]) -> None:
        """Read any of this kind again next time, because several were changed by one statement."""
        for key in [key for key in self._seen if key[0] is kind]:
            del self._seen[key]

    async def record(self, event: Event) -> EventId:
        """Record an event and run its reactions."""
        recorded = wrap_event(event, self.actor, self.now, self._cause)
        self._recorded.append(recorded)
        reactions = self._reactions.get(type(event), ())
        if reactions:
            before, self._cause = self._cause, recorded.id
            async with self.unfenced():
                for react in reactions:
                    await react(self, event)
            self._cause = before
        return recorded.id

    @property
    def notes(self) -> tuple[Write, ...]:
        """What is to be noted about this reading; a query's edge writes it, because a query can write nothing."""
        return tuple(self._afterwards)

    def afterwards(self, write: Write) -> None:
        """Note something about what was read: with the events of a command, and right after a query."""
        self._afterwards.append(write)

    async def fence(self) -> None:
        """For a vendor: from here on the database shows only this vendor's rows.

        Without the database role there is no fence; ``up``, ``doctor`` and readiness report that.
        """
        if self.actor.vendor_id is not None:
            result = await self.connection.execute(_FENCE, {"vendor": str(self.actor.vendor_id)})
            self.fenced(result.one().role)

    def fenced(self, role: str | None) -> None:
        """The server has set the vendor's role, or has none; ``FENCE`` did that in another statement."""
        if role is not None:
            self.connection.use_role(role, entered=True)

    @asynccontextmanager
    async def unfenced(self) -> AsyncIterator[None]:
        """Reactions, and queries that limit a vendor's rows themselves, run with Parley's own rights and see all."""
        role = self.connection.role
        self.connection.use_role("")
        yield
        self.connection.use_role(role)

    async def finish(self, response: KeyedResponse | None = None) -> None:
        """Write the events into the log, and the answer under its key; the edge commits right after."""
        self.connection.use_role("")
        if self._afterwards:
            await self.connection.later(*self._afterwards)
        await append(self.connection, self._recorded, response)
