"""What one worker process holds: an engine, an HTTP session, and what sends to the chats.

One rule: it is made on the event loop of Dramatiq's AsyncIO middleware, never at import, and closed before the worker
stops.
"""

import asyncio
import datetime as dt
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar
from uuid import UUID

import aiohttp
import asyncpg
import structlog

from bots.cards.sending import Outbound
from core.access.actor import Actor
from core.access.roles import Role
from core.automations.queries import NO_FACTS, FlowFacts, flow_facts
from core.db.connection import Connection
from core.db.engine import Engine, make_engine
from core.kernel.clock import Clock
from core.kernel.ids import EventId
from core.kernel.trace import continued
from core.log import deliveries
from core.log.channel import NOTIFY_CHANNEL
from core.log.deliveries import ClaimedDelivery
from core.log.stored import StoredEvent
from core.uow import Uow
from core.wiring import REACTIONS
from workers.mails.mail_sender import MailSender, SmtpSender
from workers.settings import WorkerSettings
from workers.together import Together

T = TypeVar("T")

log = structlog.get_logger()

CHAT_SLOTS, DELIVERY_SLOTS = 8, 100
MAX_TRIES = 4
"""Of a statement that others are in the way of."""
IN_EACH_OTHERS_WAY = (
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.SerializationError,
)
"""What ends a statement because of another one, and not because of itself."""
TURN = dt.timedelta(seconds=1)
"""About what a chat of either platform takes for one message."""
CONNECTIONS = 14
"""Of the pool; most deliveries wait for a receiver, not for the database."""


class TakenSlots:
    """Slots that a batch holds: each is given back as soon as what ran in it has ended, the rest with the batch."""

    def __init__(self, free: asyncio.Semaphore, count: int) -> None:
        self._free = free
        self.count = count
        self._held = count

    def give_back(self, count: int = 1) -> None:
        """As many as this, and never more than are held."""
        for _ in range(min(count, self._held)):
            self._held -= 1
            self._free.release()

    def give_back_all(self) -> None:
        self.give_back(self._held)


class Slots:
    """How many may run at once; a batch takes as many as are free, and at least one."""

    def __init__(self, size: int) -> None:
        self._free = asyncio.Semaphore(size)
        self._first = asyncio.Lock()

    @asynccontextmanager
    async def take(self, most: int) -> AsyncIterator[TakenSlots]:
        """Wait for one slot, and take up to ``most``.

        One after the other: those who wait would else get one slot each, and a statement for each.
        """
        async with self._first:
            await self._free.acquire()
            taken = 1
            while taken < most and not self._free.locked():
                await self._free.acquire()
                taken += 1
        slots = TakenSlots(self._free, taken)
        try:
            yield slots
        finally:
            slots.give_back_all()


class ChatTurns:
    """When those who wait for a busy chat may try again: one after the other, not all at the same moment.

    Only a hint: whoever comes at the wrong time is told to wait again.
    """

    def __init__(self) -> None:
        self._last: dict[str, dt.datetime] = {}

    def take(self, chat: str, earliest: dt.datetime, now: dt.datetime) -> dt.datetime:
        """The turn of one who may not come before ``earliest``: behind everybody who waits for this chat."""
        self._last = {each: turn for each, turn in self._last.items() if turn > now}
        turn = max(earliest, self._last[chat] + TURN) if chat in self._last else earliest
        self._last[chat] = turn
        return turn


@dataclass(frozen=True)
class Runtime:
    """The resources that subscribers work with."""

    settings: WorkerSettings
    engine: Engine
    http: aiohttp.ClientSession
    chats: Mapping[str, Outbound]
    clock: Clock
    mail: MailSender | None = None
    """None: nobody gets mails."""
    chat_slots: Slots = field(default_factory=lambda: Slots(CHAT_SLOTS))
    """How many deliveries to chats may run at once; each holds a connection while it sends, and some must be left."""
    chat_turns: ChatTurns = field(default_factory=ChatTurns)
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set when the process is asked to stop: what runs is finished, and nothing new is taken."""
    delivery_slots: Slots = field(default_factory=lambda: Slots(DELIVERY_SLOTS))
    """How many other deliveries may run at once."""

    def uow(self, connection: Connection, actor: Actor) -> Uow:
        return Uow(connection, actor=actor, clock=self.clock, reactions=REACTIONS)

    @cached_property
    def claiming(self) -> Together[Sequence[UUID], list[ClaimedDelivery]]:
        """Claims what one hint names, together with what others name."""
        return Together(self._claim)

    async def _claim(self, hints: Sequence[Sequence[UUID]]) -> list[list[ClaimedDelivery]]:
        """A delivery whose last worker died has a hint of its own, and is claimed by a statement of its own."""
        ids = list(dict.fromkeys(each for hint in hints for each in hint))
        found = {each.id: each for each in await self._retried(deliveries.claim, ids)}
        for hint in hints:
            if len(ids) > 1 and len(hint) == 1 and hint[0] not in found:
                found |= {each.id: each for each in await self._retried(deliveries.claim, hint)}
        return [[found.pop(each) for each in hint if each in found] for hint in hints]

    @cached_property
    def finishing(self) -> Together[ClaimedDelivery, ClaimedDelivery | None]:
        """Marks a delivery as done; the answer is the next of its subject, claimed."""
        return Together(self._finish)

    async def _finish(self, done: Sequence[ClaimedDelivery]) -> list[ClaimedDelivery | None]:
        found = await self._retried(deliveries.finish, done)
        following = {(each.subscriber, each.subject): each for each in found}
        return [following.pop((each.subscriber, each.subject), None) for each in done]

    async def _retried(
        self,
        statement: Callable[[Connection, Sequence[T], dt.datetime], Awaitable[list[ClaimedDelivery]]],
        about: Sequence[T],
    ) -> list[ClaimedDelivery]:
        """What the statement answers; when others were in its way, it is asked again at once.

        Without it, everything that was asked about together would wait until its lease ends.
        """
        for attempt in range(1, MAX_TRIES):
            try:
                async with self.engine.autocommit() as connection:
                    return await statement(connection, about, self.clock.now())
            except IN_EACH_OTHERS_WAY as error:
                log.info("deliveries.in_the_way", attempt=attempt, count=len(about), why=type(error).__name__)
        async with self.engine.autocommit() as connection:
            return await statement(connection, about, self.clock.now())

    @cached_property
    def flow_facts(self) -> Together[UUID, FlowFacts]:
        """What a flow is told about an event, by the event's id."""
        return Together(self._flow_facts)

    async def _flow_facts(self, event_ids: Sequence[UUID]) -> list[FlowFacts]:
        async with self.engine.autocommit() as connection:
            found = await flow_facts(connection, event_ids)
        return [found.get(each, NO_FACTS) for each in event_ids]

    @cached_property
    def waking(self) -> Together[None, None]:
        """Tells the relay, after a commit, that there is something new in the log: else it looks twice a second."""
        return Together(self._wake)

    async def _wake(self, reports: Sequence[None]) -> Sequence[None]:
        async with self.engine.autocommit() as connection:
            await connection.script(f"NOTIFY {NOTIFY_CHANNEL}")
        return reports

    def turn_in(self, platform: str, chat_id: str, pause: float) -> float:
        """Seconds until one's turn in a chat that takes nothing for ``pause`` seconds."""
        now = self.clock.now()
        turn = self.chat_turns.take(f"{platform}:{chat_id}", now + dt.timedelta(seconds=pause), now)
        return (turn - now).total_seconds()

    async def close(self) -> None:
        for chat in self.chats.values():
            await chat.close()
        await self.http.close()
        await self.engine.dispose()


def system_actor(role: Role, event: StoredEvent) -> Actor:
    """A system role, with this event as the cause."""
    actor = Actor.system(role, cause=EventId(event.id))
    return actor.with_call(actor.channel, None, event.correlation_id, continued(event.traceparent))


def make_runtime(
    settings: WorkerSettings,
    *,
    name: str = "parley worker",
    chats: Callable[[WorkerSettings, Engine], Mapping[str, Outbound]] = lambda *_: {},
) -> Runtime:
    """The resources, bound to the running event loop; ``chats`` makes the platforms that are set up."""
    engine = make_engine(settings.database_url, size=CONNECTIONS, name=name, generic_plans=True)
    return Runtime(
        settings=settings,
        engine=engine,
        http=aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)),
        chats=chats(settings, engine),
        clock=engine.clock,
        mail=SmtpSender(settings.smtp_url.get_secret_value()) if settings.smtp_url is not None else None,
    )
