"""The queues in Redis: they carry hints that a delivery is due.

One rule: nothing depends on Dramatiq's retries, delays or results; what is due is in PostgreSQL and is found there
again when Redis was emptied.
"""

from enum import StrEnum

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AgeLimit, AsyncIO, Callbacks, Middleware, ShutdownNotifications

HEARTBEAT_MS = 5_000
EXPIRES_MS = 60_000


class Queue(StrEnum):
    """Two queues, so that a slow chat holds up no decision and no workflow."""

    work = "deliveries"
    chats = "chats"

    @property
    def batch_size(self) -> int:
        """Deliveries per message: many quick ones, or a single slow one, so that a thread is soon free again."""
        return 20 if self is Queue.work else 1

    @property
    def actor_name(self) -> str:
        return "deliver" if self is Queue.work else "deliver_to_chats"


def make_broker(redis_url: str, *extra: Middleware) -> RedisBroker:
    """A broker that notices dead workers within seconds and never retries."""
    broker = RedisBroker(  # type: ignore[no-untyped-call]  # dramatiq does not annotate it
        url=redis_url,
        middleware=[AgeLimit(max_age=EXPIRES_MS), ShutdownNotifications(), Callbacks(), AsyncIO(), *extra],
        heartbeat_timeout=HEARTBEAT_MS,
        maintenance_chance=100_000,
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
