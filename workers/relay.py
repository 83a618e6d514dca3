"""The relay: seals the log, sends hints to Redis, publishes checkpoints and runs the clock.

One rule: it holds no state that matters. Any number may run, because each step takes its own lock for one short
transaction; Redis and PostgreSQL may fail and come back.
"""

import asyncio
import contextlib
import datetime as dt
import signal
from collections.abc import Sequence
from uuid import UUID

import redis
import structlog

from api.ready import Heartbeat, tell_ready
from core.db.connection import DATABASE_ERRORS
from core.db.engine import Engine, make_engine
from core.kernel.clock import NEVER, Clock
from core.log import deliveries, hints
from core.log.seal import BATCH, seal
from workers import schedule
from workers.broker import Queue, hint_count, make_broker, send_hints
from workers.observe import Observer
from workers.publish import MAX_UNPUBLISHED, CheckpointPublisher
from workers.redis_note import RedisNote
from workers.relay_metrics import count_sealed
from workers.runtime import make_runtime
from workers.settings import RelaySettings
from workers.subscribers.table import SUBSCRIBERS_BY_QUEUE, subscriptions
from workers.wakeup import Wakeup

log = structlog.get_logger()

POLL_SECONDS = 0.5
BACKLOG_POLL_SECONDS = 0.2
"""While more is due than a queue takes: the worker must not run out of hints."""
PUBLISH_INTERVAL = dt.timedelta(seconds=5)
"""How often to check whether a checkpoint is due while nothing is sealed."""
MAX_HINTS = 1000
"""Hints per queue; a chat that is far behind takes no room from the other queue."""
RESEND_HINT_AFTER = dt.timedelta(seconds=20)
"""A hint older than this may be lost with Redis, or its worker may be dead; it is sent again."""
CONNECTION_ERRORS = (*DATABASE_ERRORS, redis.RedisError)


class Relay:
    """One relay process."""

    def __init__(self, settings: RelaySettings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._sealer: Engine = make_engine(
            settings.sealer_url, size=3, name="parley relay", generic_plans=True
        )
        self._clock = clock or self._sealer.clock
        self._broker = make_broker(settings.redis_url.get_secret_value())
        self._room = dict.fromkeys(Queue, MAX_HINTS)
        """How many hints each queue still takes; counted anew when it is half used up."""
        self._publisher = CheckpointPublisher(
            settings.keys_dir, settings.checkpoint_folders, RedisNote(self._broker.client)
        )
        self._published = NEVER
        self._unpublished = 0
        self._next_look = 0.0
        self._behind = False

    async def run(self) -> None:
        """Until SIGTERM: run once on each notification, and at least twice a second."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        runtime = make_runtime(self._settings, name="parley clock")
        wakeup = Wakeup(self._settings.sealer_url)
        log.info("relay.ready")
        tell_ready()
        heartbeat = Heartbeat()
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(wakeup.listen())
            clock = tasks.create_task(schedule.run(runtime, stop))
            observing = tasks.create_task(Observer(runtime, self._settings).run(stop))
            while not stop.is_set():
                heartbeat.beat()
                with contextlib.suppress(*CONNECTION_ERRORS):
                    await self._turn(loop.time())
                await wakeup.wait(max(0.0, self._next_look - loop.time()))
            listening.cancel()
            await clock
            await observing
        await runtime.close()
        await self.close()

    async def close(self) -> None:
        await self._sealer.dispose()
        self._broker.close()

    async def run_once(self) -> None:
        """Seal new events, send hints for due deliveries, publish a checkpoint when one is due."""
        await self._seal_all()
        self._behind = await self._send_due_hints()
        if self._unpublished >= MAX_UNPUBLISHED or self._clock.now() - self._published >= PUBLISH_INTERVAL:
            await self._publish()

    async def _turn(self, now: float) -> None:
        """After a notification only seal, which hands out what is due; look for everything else twice a second."""
        if now < self._next_look and self._unpublished < MAX_UNPUBLISHED:
            await self._seal_all()
            return
        self._next_look = now + POLL_SECONDS
        await self.run_once()
        if self._behind:
            self._next_look = now + BACKLOG_POLL_SECONDS

    async def _seal_all(self) -> None:
        """Until nothing is left to seal."""
        last = BATCH
        while last == BATCH:
            last = await self._seal()
            self._unpublished += last

    async def _seal(self) -> int:
        """Seal and hand out in one transaction, while there is room in Redis for what follows."""
        hand_out = min(self._room.values()) > 0
        async with self._sealer.begin() as connection:
            sealed = await seal(
                connection, subscriptions(self._settings.notice_timeout), self._clock.now(), hand_out=hand_out
            )
        count_sealed(sealed.by_type)
        for queue, subscribers in SUBSCRIBERS_BY_QUEUE.items():
            ids = [
                each.id for each in sealed.deliveries if each.handed_out and each.subscriber in subscribers
            ]
            await self._send(queue, [ids])
        return sealed.events

    async def _send(self, queue: Queue, groups: Sequence[Sequence[UUID]]) -> None:
        """Send hints, each group in messages of its own; those that Redis does not take are due again."""
        ids = [str(each) for group in groups for each in group]
        if not ids:
            return
        self._room[queue] -= len(ids)
        try:
            for group in groups:
                await asyncio.to_thread(send_hints, self._broker, queue, [str(each) for each in group])
        except redis.RedisError:
            async with self._sealer.autocommit() as connection:
                await deliveries.drop_hints(connection, [each for group in groups for each in group])

    async def _send_due_hints(self) -> bool:
        """Fill each queue in Redis up to its limit; the rest waits in PostgreSQL. Whether it is not to wait long."""
        now = self._clock.now()
        async with self._sealer.autocommit() as connection:
            waiting = await hints.subscribers_with_due(connection, now, now - RESEND_HINT_AFTER)
        filled = [
            await self._fill_queue(queue, subscribers)
            for queue, subscribers in SUBSCRIBERS_BY_QUEUE.items()
            if not waiting.isdisjoint(subscribers) or self._room[queue] < MAX_HINTS // 2
        ]
        return any(filled)

    async def _fill_queue(self, queue: Queue, subscribers: Sequence[str]) -> bool:
        """Whether the queue may soon take more; one of slow chats does not."""
        now = self._clock.now()
        resend_before = now - RESEND_HINT_AFTER
        try:
            waiting = await asyncio.to_thread(hint_count, self._broker, queue)
        except redis.RedisError:
            return False
        async with self._sealer.begin() as connection:
            in_flight = await hints.in_flight(connection, subscribers, resend_before)
            room = self._room[queue] = MAX_HINTS - max(in_flight, waiting)
            due = await hints.take_due(connection, subscribers, now, room, resend_before) if room > 0 else []
        together = [each.id for each in due if not each.alone]
        await self._send(queue, [together, *([each.id] for each in due if each.alone)])
        return len(due) >= room and (queue is Queue.work or room > 0)

    async def _publish(self) -> None:
        self._published, self._unpublished = self._clock.now(), 0
        async with self._sealer.begin() as connection:
            await self._publisher.publish(connection, self._clock.now())
        await self._publisher.keep()
