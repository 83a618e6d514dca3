"""What Dramatiq imports in a worker process; ``python -m workers`` starts it.

One rule: an actor only passes ids to ``workers.deliver``; Dramatiq retries nothing.
"""

import asyncio
from typing import Any
from uuid import UUID

import dramatiq
from dramatiq import Broker, Worker
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware

from api import logging
from api.startup import settings_or_exit
from workers.broker import Queue, make_broker
from workers.chats import outbounds
from workers.deliver import deliver as run
from workers.runtime import Runtime, make_runtime
from workers.settings import WorkerSettings, check_dramatiq
from workers.subscribers.table import SUBSCRIBERS

logging.configure()
check_dramatiq()
settings = settings_or_exit(WorkerSettings, "the worker")


class Resources(Middleware):
    """Makes the runtime on the first message and closes it before the process stops."""

    def __init__(self) -> None:
        self.runtime: Runtime | None = None

    def runtime_of_loop(self) -> Runtime:
        if self.runtime is None:
            self.runtime = make_runtime(settings, chats=outbounds)
        return self.runtime

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        thread: Any = get_event_loop_thread()
        if self.runtime is not None and thread is not None:
            thread.run_coroutine(self.runtime.close())


resources = Resources()
broker = make_broker(settings.redis_url.get_secret_value(), resources)


@dramatiq.actor(queue_name=Queue.work.value, priority=0)
async def deliver(delivery_ids: list[str]) -> None:
    """Run these deliveries concurrently: one that waits for a slow receiver must not hold up the others."""
    runtime = resources.runtime_of_loop()

    async def one(delivery_id: str) -> None:
        async with runtime.delivery_slots:
            await run(runtime, SUBSCRIBERS, UUID(delivery_id))

    await asyncio.gather(*(one(delivery_id) for delivery_id in delivery_ids))


@dramatiq.actor(queue_name=Queue.chats.value, priority=10)
async def deliver_to_chats(delivery_ids: list[str]) -> None:
    """Run these deliveries one after the other, at a lower priority: sending to chats takes long."""
    runtime = resources.runtime_of_loop()
    for delivery_id in delivery_ids:
        await run(runtime, SUBSCRIBERS, UUID(delivery_id))
