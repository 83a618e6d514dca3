"""The relay: seals the log, fans out, fills Redis with hints, publishes checkpoints, runs the clock.

One rule: it holds no state that matters. Any number may run; each step takes its own lock for one short
transaction; Redis and PostgreSQL may go away and come back.
"""

import asyncio
import contextlib
import datetime as dt
import signal
from pathlib import Path

import redis
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from api import logs
from core.db.engine import make_engine
from core.kernel.clock import SystemClock
from core.log import checkpoint, deliveries
from core.log.merkle import MerkleTree
from core.log.seal import BATCH, seal
from workers import schedule
from workers.broker import hint, make_broker
from workers.keys import newest_key
from workers.runtime import make_runtime
from workers.settings import RelaySettings, check_dramatiq
from workers.subscribers.table import subscriptions
from workers.wakeup import Wakeup

log = structlog.get_logger()

POLL = 0.5
MOST_IN_REDIS = 1000
AGAIN_AFTER = dt.timedelta(seconds=20)
"""A hint older than this may be lost with Redis, or its worker dead, and is given once more."""
CHECKPOINT_EVERY = dt.timedelta(seconds=60)
CHECKPOINT_EVENTS = 1000
AWAY = (DBAPIError, PoolTimeout, OSError, redis.RedisError)


class Relay:
    """One relay process."""

    def __init__(self, settings: RelaySettings) -> None:
        self._settings = settings
        self._clock = SystemClock()
        self._sealer: AsyncEngine = make_engine(settings.sealer_url, size=3, name="parley relay")
        self._broker = make_broker(settings.redis_url.get_secret_value())
        self._subscriptions = subscriptions()
        self._tree = MerkleTree()
        self._published = self._clock.now() - CHECKPOINT_EVERY
        self._key: Ed25519PrivateKey = newest_key(settings.keys_dir)

    async def run(self) -> None:
        """Until SIGTERM: on each wake-up, and at least twice a second, do what is to be done."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        runtime = make_runtime(self._settings, name="parley clock")
        wakeup = Wakeup(self._settings.sealer_url)
        log.info("relay.ready")
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(wakeup.listen())
            clock = tasks.create_task(schedule.run(runtime, stop))
            while not stop.is_set():
                with contextlib.suppress(*AWAY):
                    await self._turn()
                await wakeup.wait(POLL)
            listening.cancel()
            await clock
        await runtime.close()
        await self._sealer.dispose()
        self._broker.close()

    async def _turn(self) -> None:
        """Seal what is new, hand out what is due, publish a checkpoint when it is time."""
        while await self._seal() == BATCH:
            await self._hand_out()
        await self._hand_out()
        await self._publish()

    async def _seal(self) -> int:
        async with self._sealer.begin() as connection:
            sealed = await seal(connection, self._subscriptions, self._clock.now())
        return sealed.events

    async def _hand_out(self) -> None:
        """Fill Redis up to its share; the rest waits in PostgreSQL."""
        now = self._clock.now()
        async with self._sealer.begin() as connection:
            room = MOST_IN_REDIS - await deliveries.in_flight(connection, now - AGAIN_AFTER)
            ids = await deliveries.due(connection, now, room, now - AGAIN_AFTER) if room > 0 else []
        if ids:
            await asyncio.to_thread(hint, self._broker, [str(delivery_id) for delivery_id in ids])

    async def _publish(self) -> None:
        """A signed checkpoint outside the database, every minute or thousand events."""
        now = self._clock.now()
        async with self._sealer.begin() as connection:
            await checkpoint.grow(connection, self._tree)
            done = await checkpoint.last_size(connection)
            fresh = self._tree.size - done
            late = now - self._published >= CHECKPOINT_EVERY
            if fresh <= 0 or not (late or fresh >= CHECKPOINT_EVENTS):
                return
            made = checkpoint.sign(self._tree.size, self._tree.root(), self._key)
            await checkpoint.keep(connection, made, now)
            await asyncio.to_thread(_write, self._settings.checkpoints_dir, made)
        self._published = now


def _write(folder: Path, made: checkpoint.Checkpoint) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{made.size:012d}.txt").write_text(made.note, encoding="utf-8")
    (folder / "latest.txt").write_text(made.note, encoding="utf-8")


def main() -> None:
    logs.configure()
    check_dramatiq()
    asyncio.run(Relay(RelaySettings()).run())


if __name__ == "__main__":
    main()
