"""The relay: seals the log, sends hints to Redis, publishes checkpoints and runs the clock.

One rule: it holds no state that matters. Any number may run, because each step takes its own lock for one short
transaction; Redis and PostgreSQL may fail and come back.
"""

import asyncio
import contextlib
import datetime as dt
import signal
from collections.abc import Sequence

import redis
import structlog

from api import logging
from api.ready import tell_ready
from api.startup import run, settings_or_exit
from core.db.connection import DATABASE_ERRORS
from core.db.engine import Engine, make_engine
from core.kernel.clock import Clock, SystemClock
from core.log import deliveries
from core.log.seal import BATCH, seal
from workers import schedule
from workers.broker import Queue, hint_count, make_broker, send_hints
from workers.publish import CheckpointPublisher
from workers.runtime import make_runtime
from workers.settings import RelaySettings
from workers.subscribers.table import SUBSCRIBERS_BY_QUEUE, subscriptions
from workers.wakeup import Wakeup

log = structlog.get_logger()

POLL_SECONDS = 0.5
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
        self._clock = clock or SystemClock()
        self._sealer: Engine = make_engine(settings.sealer_url, size=3, name="parley relay")
        self._broker = make_broker(settings.redis_url.get_secret_value())
        self._subscriptions = subscriptions()
        self._publisher = CheckpointPublisher(settings.keys_dir, settings.checkpoints_dir)
        self._published = self._clock.now() - PUBLISH_INTERVAL

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
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(wakeup.listen())
            clock = tasks.create_task(schedule.run(runtime, stop))
            while not stop.is_set():
                with contextlib.suppress(*CONNECTION_ERRORS):
                    await self.run_once()
                await wakeup.wait(POLL_SECONDS)
            listening.cancel()
            await clock
        await runtime.close()
        await self.close()

    async def close(self) -> None:
        await self._sealer.dispose()
        self._broker.close()

    async def run_once(self) -> None:
        """Seal new events, send hints for due deliveries, publish a checkpoint when one is due."""
        sealed = last = await self._seal()
        while last == BATCH:
            await self._send_due_hints()
            last = await self._seal()
        await self._send_due_hints()
        if sealed or self._clock.now() - self._published >= PUBLISH_INTERVAL:
            await self._publish()

    async def _seal(self) -> int:
        async with self._sealer.begin() as connection:
            sealed = await seal(connection, self._subscriptions, self._clock.now())
        return sealed.events

    async def _send_due_hints(self) -> None:
        """Fill each queue in Redis up to its limit; the rest waits in PostgreSQL."""
        now = self._clock.now()
        async with self._sealer.begin() as connection:
            waiting = await deliveries.subscribers_with_due(connection, now, now - RESEND_HINT_AFTER)
        for queue, subscribers in SUBSCRIBERS_BY_QUEUE.items():
            if not waiting.isdisjoint(subscribers):
                await self._fill_queue(queue, subscribers)

    async def _fill_queue(self, queue: Queue, subscribers: Sequence[str]) -> None:
        now = self._clock.now()
        resend_before = now - RESEND_HINT_AFTER
        try:
            waiting = await asyncio.to_thread(hint_count, self._broker, queue)
        except redis.RedisError:
            return
        async with self._sealer.begin() as connection:
            in_flight = await deliveries.in_flight(connection, subscribers, resend_before)
            room = MAX_HINTS - max(in_flight, waiting)
            ids = (
                await deliveries.take_due(connection, subscribers, now, room, resend_before)
                if room > 0
                else []
            )
        if ids:
            await asyncio.to_thread(
                send_hints, self._broker, queue, [str(delivery_id) for delivery_id in ids]
            )

    async def _publish(self) -> None:
        self._published = self._clock.now()
        async with self._sealer.begin() as connection:
            await self._publisher.publish(connection, self._clock.now())


def main() -> None:
    logging.configure()
    run(Relay(settings_or_exit(RelaySettings, "the relay")).run())


if __name__ == "__main__":
    main()
