"""A worker: Dramatiq's threads take hints out of Redis, and one event loop runs the deliveries.

One rule: an actor only passes ids to ``workers.deliver``; Dramatiq retries nothing.
"""

import signal
import sys
from typing import Any
from uuid import UUID

import dramatiq
import structlog
from dramatiq import Broker, Worker
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware

from api.ready import BEAT_SECONDS, Heartbeat, tell_ready
from api.startup import settings_or_exit
from workers.broker import Queue, make_broker
from workers.chats import outbounds
from workers.deliver import deliver as run
from workers.runtime import Runtime, Slots, make_runtime
from workers.settings import WorkerSettings
from workers.subscribers.table import SUBSCRIBERS

log = structlog.get_logger()
settings = settings_or_exit(WorkerSettings, "the worker")

THREADS = 32
"""Each waits for one hint's deliveries; far more than may write to chats, so that some are left for all else."""
SWITCH_SECONDS = 0.001
"""How long the loop keeps the interpreter from a thread with a hint; Python's own limit is five times that."""
MAX_HINTS_HELD = 64
"""How many hints of a queue a worker takes before it has finished the first of them."""
LONGEST_WAIT_MS = 500
"""A thread without work looks this often whether it is to end; work itself wakes it at once."""
DRAIN_MS = 20_000
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Resources(Middleware):
    """Makes the runtime on the first message, and closes it when the last one has ended."""

    def __init__(self) -> None:
        self.runtime: Runtime | None = None

    def runtime_of_loop(self) -> Runtime:
        if self.runtime is None:
            self.runtime = make_runtime(settings, chats=outbounds)
        return self.runtime

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        if self.runtime is not None:
            self.runtime.stopping.set()

    def after_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        """Before the AsyncIO middleware, which was added earlier, stops the loop."""
        thread: Any = get_event_loop_thread()
        if self.runtime is not None and thread is not None:
            thread.run_coroutine(self.runtime.close())


resources = Resources()
broker = make_broker(settings.redis_url.get_secret_value(), resources)


@dramatiq.actor(queue_name=Queue.work.value, priority=0)
async def deliver(delivery_ids: list[str]) -> None:
    """Run these deliveries."""
    runtime = resources.runtime_of_loop()
    await _run(runtime, delivery_ids, runtime.delivery_slots)


@dramatiq.actor(queue_name=Queue.chats.value, priority=10)
async def deliver_to_chats(delivery_ids: list[str]) -> None:
    """Run these deliveries, at a lower priority: sending to chats takes long."""
    runtime = resources.runtime_of_loop()
    await _run(runtime, delivery_ids, runtime.chat_slots)


async def _run(runtime: Runtime, delivery_ids: list[str], slots: Slots) -> None:
    await run(runtime, SUBSCRIBERS, [UUID(each) for each in delivery_ids], slots)


def run_worker() -> None:
    """Until SIGTERM or SIGINT."""
    sys.setswitchinterval(SWITCH_SECONDS)
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)  # for every thread: this one waits for them
    worker = Worker(broker, worker_threads=THREADS, worker_timeout=LONGEST_WAIT_MS)
    worker.queue_prefetch = MAX_HINTS_HELD
    worker.start()
    log.info("worker.ready")
    tell_ready()
    _beat_until_stopped()
    worker.stop(timeout=DRAIN_MS)
    broker.close()
    log.info("worker.stopped")


def _beat_until_stopped() -> None:
    """The heart beats on the loop that runs the deliveries: when that hangs, so does it."""
    heartbeat = Heartbeat()
    thread: Any = get_event_loop_thread()
    while signal.sigtimedwait(STOP_SIGNALS, BEAT_SECONDS) is None:
        thread.loop.call_soon_threadsafe(heartbeat.beat)
