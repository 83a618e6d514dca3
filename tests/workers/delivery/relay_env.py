"""The works behind the counter: a relay and a worker over a real database and a real Redis, on a clock that a
test moves.

    works.work()                   turn the relay and run what it hints at, until nothing is left
    works.turn()                   one turn of the relay; the deliveries it hinted at, taken out of Redis
    works.deliver(id, taking)      one delivery, by these subscribers

One rule: what is asserted is what PostgreSQL knows, what lies in Redis, and what the receivers saw.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import Row, select

from api.server.signing_keys import load_keys
from core.kernel.clock import FixedClock
from core.log.events import Event
from core.log.stored import StoredEvent
from core.log.tables import audit_events, deliveries
from tests.support.postgres import Database
from tests.support.world import World
from workers.broker import Queue, make_broker
from workers.deliver import Subscriber, deliver
from workers.relay import Relay
from workers.runtime import Runtime, make_runtime
from workers.settings import RelaySettings
from workers.subscribers.table import SUBSCRIBERS

SECRET = "a secret of the tests, longer than thirty-two bytes"
_D = deliveries.c


@dataclass
class RecordingSubscribers:
    """Subscribers that take everything and remember it; ``does`` is what the next ones do instead."""

    events: list[tuple[str, StoredEvent]] = field(default_factory=list)
    does: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    def everywhere(self) -> Mapping[str, Subscriber]:
        return {name: self._as(name) for name in SUBSCRIBERS}

    def _as(self, name: str) -> Subscriber:
        async def take(runtime: Runtime, event: Event, stored: StoredEvent) -> None:
            if self.does:
                await self.does.pop(0)()
            self.events.append((name, stored))

        return take


class RelayEnv:
    """One relay, one worker, one clock."""

    def __init__(self, world: World, database: Database, redis_url: str, folder: Path) -> None:
        self.world = world
        self.clock = FixedClock(world.now)
        world.clock = self.clock
        self.redis_url = redis_url
        load_keys(folder / "keys")
        defaults = {name: item.default for name, item in RelaySettings.model_fields.items()}
        self.settings = RelaySettings.model_construct(
            **{
                **defaults,
                "app_url": SecretStr(database.app_url),
                "sealing_url": SecretStr(database.sealer_url),
                "redis_url": SecretStr(redis_url),
                "keys_dir": folder / "keys",
                "checkpoints_dir": folder / "checkpoints",
            }
        )
        self.relay = self.make_relay()
        self.runtime = replace(make_runtime(self.settings), clock=self.clock)

    def make_relay(self) -> Relay:
        return Relay(self.settings, self.clock)

    async def close(self) -> None:
        await self.relay.close()
        await self.runtime.close()

    def set(self, **settings: Any) -> None:
        """Change the worker's settings."""
        changed = self.runtime.settings.model_copy(update=settings)
        self.runtime = replace(self.runtime, settings=changed)

    def later(self, **span: float) -> None:
        self.clock.advance(dt.timedelta(**span))

    async def run_relay(self, relay: Relay | None = None) -> list[UUID]:
        await (relay or self.relay).run_once()
        return await asyncio.to_thread(self._hinted)

    def _hinted(self) -> list[UUID]:
        """Take every hint out of Redis, as a worker does."""
        broker = make_broker(self.redis_url)
        hinted: list[UUID] = []
        for queue in Queue:
            consumer = broker.consume(queue.value, prefetch=200, timeout=1)
            while (message := next(consumer)) is not None:
                hinted += map(UUID, message.args[0])
                consumer.ack(message)
        broker.close()
        return hinted

    async def deliver(self, delivery: UUID, taking: Mapping[str, Subscriber] = SUBSCRIBERS) -> Row[Any]:
        """Run one; what PostgreSQL knows of it afterwards."""
        await deliver(self.runtime, taking, [delivery])
        return await self.row(delivery)

    async def work(self, taking: Mapping[str, Subscriber] = SUBSCRIBERS) -> None:
        """Everything that is due, and what follows from it; what waits for a time goes on waiting."""
        while hinted := await self.run_relay():
            await deliver(self.runtime, taking, hinted)

    async def row(self, delivery: UUID) -> Row[Any]:
        async with self.world.engine.connect() as connection:
            return (await connection.execute(select(deliveries).where(_D.id == delivery))).one()

    async def states(self, subscriber: str | None = None) -> dict[str, int]:
        """How many deliveries are in which state."""
        async with self.world.engine.connect() as connection:
            rows = await connection.execute(select(_D.state, _D.subscriber))
        found: dict[str, int] = {}
        for row in rows:
            if subscriber in (None, row.subscriber):
                found[row.state] = found.get(row.state, 0) + 1
        return found

    async def pending(self, subscriber: str, event_type: str) -> UUID:
        """The newest delivery of this event to this subscriber, sealed but left alone."""
        await self.run_relay()
        async with self.world.engine.connect() as connection:
            found = await connection.scalars(
                select(_D.id)
                .where(_D.subscriber == subscriber, _D.event_type == event_type)
                .order_by(_D.position.desc())
                .limit(1)
            )
            delivery: UUID = found[0]
        return delivery

    async def facts(self, event_type: str) -> list[Mapping[str, Any]]:
        event = audit_events.c
        async with self.world.engine.connect() as connection:
            rows = await connection.scalars(
                select(event.data).where(event.type == event_type).order_by(event.seq)
            )
            return list(rows)


def names(rows: Iterable[tuple[str, StoredEvent]], subscriber: str) -> list[str]:
    """The events that one subscriber heard of, in order."""
    return [event.type for name, event in rows if name == subscriber]
