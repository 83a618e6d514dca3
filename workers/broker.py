"""The queue: Redis carries hints, never the truth.

One rule: Dramatiq's own retries, delays and results are not used for anything that must happen; what is due
stands in PostgreSQL and is found there again when Redis was wiped.
"""

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AgeLimit, AsyncIO, Callbacks, Middleware, ShutdownNotifications

QUEUE = "deliveries"
HEARTBEAT_MS = 5_000
EXPIRES_MS = 60_000
PER_MESSAGE = 20


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
    broker.declare_queue(QUEUE)
    return broker


def hint(broker: RedisBroker, delivery_ids: list[str]) -> None:
    """Tell the workers that these deliveries are due; twenty in one message."""
    for start in range(0, len(delivery_ids), PER_MESSAGE):
        broker.enqueue(
            dramatiq.Message(
                queue_name=QUEUE,
                actor_name="deliver",
                args=(delivery_ids[start : start + PER_MESSAGE],),
                kwargs={},
                options={},
            )
        )


def hints(broker: RedisBroker) -> int:
    """How many hints lie in Redis, at most: with no worker there the queue must not grow."""
    return int(broker.client.llen(f"{broker.namespace}:{QUEUE}")) * PER_MESSAGE
