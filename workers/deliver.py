"""One delivery: claim it, run its subscriber, finish it; the same shape as the api's edge.

One rule: the row in PostgreSQL always shows how the delivery stands, whatever happens to the worker.

A worker that dies leaves a lease that expires, a subscriber that fails leaves a due time, and a delivery whose workers
died five times in a row is parked.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import structlog

from api.logging import describe_error
from core.access.actor import Actor
from core.access.roles import Role
from core.log import deliveries
from core.log.deliveries import ClaimedDelivery, DeliveryFailure, parked_event
from core.log.events import UnknownEventType
from core.log.stored import StoredEvent, UndecodableEvent, read_event
from workers.outcome import DeliveryFailed, DeliveryPostponed, DeliveryRejected
from workers.runtime import Runtime

log = structlog.get_logger()

Subscriber = Callable[[Runtime, Any, StoredEvent], Awaitable[None]]
"""Takes the event and its row in the log."""


async def deliver(runtime: Runtime, subscribers: dict[str, Subscriber], delivery_id: UUID) -> None:
    """Run one delivery if this worker can claim it; a stale hint does nothing."""
    async with runtime.engine.begin() as connection:
        claimed = await deliveries.claim(connection, delivery_id, runtime.clock.now())
        if claimed is None:
            return
        stored = await read_event(connection, claimed.event_id)
    try:
        await subscribers[claimed.subscriber](runtime, stored.decode(), stored)
    except DeliveryPostponed as pause:
        await _postpone(runtime, claimed, pause)
    except DeliveryRejected as end:
        await _fail(runtime, claimed, DeliveryFailure(end.why, final=True))
    except DeliveryFailed as failure:
        await _fail(runtime, claimed, DeliveryFailure(failure.why, failure.retry_after))
    except (UnknownEventType, UndecodableEvent) as error:
        log.warning("delivery.undecodable", subscriber=claimed.subscriber, type=stored.type, why=str(error))
        await _fail(runtime, claimed, DeliveryFailure(str(error)))
    except Exception as error:
        log.warning("delivery.failed", subscriber=claimed.subscriber, type=stored.type, exc_info=error)
        await _fail(runtime, claimed, DeliveryFailure(describe_error(error)))
    else:
        async with runtime.engine.begin() as connection:
            await deliveries.finish(connection, claimed, runtime.clock.now())


async def _postpone(runtime: Runtime, claimed: ClaimedDelivery, pause: DeliveryPostponed) -> None:
    async with runtime.engine.begin() as connection:
        await deliveries.postpone(connection, claimed, runtime.clock.now() + pause.delay, pause.why)


async def _fail(runtime: Runtime, claimed: ClaimedDelivery, failure: DeliveryFailure) -> None:
    """Schedule the next attempt or park; parking is an event that administrators get a notice about."""
    actor = Actor.system(Role.system_notices)
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        if await deliveries.fail(connection, claimed, failure, runtime.clock.now()):
            await uow.record(parked_event(claimed.id, claimed.subscriber, claimed.event_type, failure.why))
        await uow.finish()
