"""The queue: Redis carries hints, never the truth.

One rule: Dramatiq's own retries, delays and results are not used for anything that must happen; what is due
stands in PostgreSQL and is found there again when Redis was wiped.
"""

from enum import StrEnum

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AgeLimit, AsyncIO, Callbacks, Middleware, ShutdownNotifications

HEARTBEAT_MS = 5_000
EXPIRES_MS = 60_000


class Lane(StrEnum):
    """A queue of its own: what waits for a slow chat holds up no decision and no workflow."""

    work = "deliveries"
    chats = "chats"

    @property
    def per_message(self) -> int:
        """Many that are quick, or one that may take its time, so that a thread is free again soon."""
        return 20 if self is Lane.work else 1

    @property
    def actor(self) -> str:
        return "deliver" if self is Lane.work else "tell"


def make_broker(redis_url: str, *extra: Middleware) -> RedisBroker:
    """A broker whose dead workers are noticed within seconds, and which never retries by itself."""
    broker = RedisBroker(  # type: ignore[no-untyped-call]  # dramatiq does not annotate it
        url=redis_url,
        middleware=[AgeLimit(max_age=EXPIRES_MS), ShutdownNotifications(), Callbacks(), AsyncIO(), *extra],
        heartbeat_timeout=HEARTBEAT_MS,
        maintenance_chance=100_000,
        dead_message_ttl=EXPIRES_MS,
    )
    dramatiq.set_broker(broker)
    for lane in Lane:
        broker.declare_queue(lane.value)
    return broker


def hint(broker: RedisBroker, lane: Lane, delivery_ids: list[str]) -> None:
    """Tell the workers that these deliveries are due."""
    for start in range(0, len(delivery_ids), lane.per_message):
        broker.enqueue(
            dramatiq.Message(
                queue_name=lane.value,
                actor_name=lane.actor,
                args=(delivery_ids[start : start + lane.per_message],),
                kwargs={},
                options={},
            )
        )


def hints(broker: RedisBroker, lane: Lane) -> int:
    """How many hints lie in Redis, at most: with no worker there the queue must not grow."""
    return int(broker.client.llen(f"{broker.namespace}:{lane.value}")) * lane.per_message
