"""The queues in Redis: they carry hints that a delivery is due.

One rule: nothing depends on Dramatiq's retries, delays or results; what is due is in PostgreSQL and is found there
again when Redis was emptied.
"""

from enum import StrEnum

import dramatiq
from dramatiq import Consumer
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AgeLimit, Callbacks, Middleware, ShutdownNotifications

from workers.consumer import BlockingConsumer
from workers.event_loop import Uvloop

HEARTBEAT_MS = 5_000
EXPIRES_MS = 60_000


class Queue(StrEnum):
    """Two queues, so that a slow chat holds up no decision and no workflow."""

    work = "deliveries"
    chats = "chats"

    @property
    def batch_size(self) -> int:
        """Deliveries per message: many quick ones, or few that may take long, so that a thread is soon free again."""
        return 20 if self is Queue.work else 4

    @property
    def actor_name(self) -> str:
        return "deliver" if self is Queue.work else "deliver_to_chats"


class HintBroker(RedisBroker):
    """Dramatiq's broker, with consumers that are woken, and without its queues for delayed messages: we delay none."""

    def declare_queue(self, queue_name: str) -> None:
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.emit_after("declare_queue", queue_name)

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        """``timeout``, in milliseconds, is how long a consumer may wait without a sign of life."""
        looking = super().consume(queue_name, prefetch, timeout=0)
        return BlockingConsumer(
            looking, self.client, f"{self.namespace}:{queue_name}", prefetch, timeout / 1000
        )


def make_broker(redis_url: str, *extra: Middleware) -> HintBroker:
    """A broker that notices dead workers within seconds and never retries."""
    broker = HintBroker(  # type: ignore[no-untyped-call]  # dramatiq does not annotate it
        url=redis_url,
        middleware=[AgeLimit(max_age=EXPIRES_MS), ShutdownNotifications(), Callbacks(), Uvloop(), *extra],
        heartbeat_timeout=HEARTBEAT_MS,
        maintenance_chance=1_000_000,
        dead_message_ttl=EXPIRES_MS,
    )
    dramatiq.set_broker(broker)
    for queue in Queue:
        broker.declare_queue(queue.value)
    return broker


def send_hints(broker: RedisBroker, queue: Queue, delivery_ids: list[str]) -> None:
    """Put hints for these deliveries into the queue."""
    for start in range(0, len(delivery_ids), queue.batch_size):
        broker.enqueue(
            dramatiq.Message(
                queue_name=queue.value,
                actor_name=queue.actor_name,
                args=(delivery_ids[start : start + queue.batch_size],),
                kwargs={},
                options={},
            )
        )


def hint_count(broker: RedisBroker, queue: Queue) -> int:
    """How many hints are in Redis, at most; without a worker the queue must not grow."""
    return int(broker.client.llen(f"{broker.namespace}:{queue.value}")) * queue.batch_size
