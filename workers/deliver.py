"""One delivery: claim, run the subscriber, finish; the same shape as the api's edge.

One rule: whatever happens in between, the row in PostgreSQL knows. A worker that dies leaves a lease that
runs out; a subscriber that fails leaves a due time; five deaths in a row park the delivery.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog

from core.access.actor import Actor
from core.access.roles import Role
from core.log import deliveries
from core.log.deliveries import ClaimedDelivery, DeliveryFailure, StoredEvent, parked_event
from workers.outcome import DeliveryFailed, DeliveryPostponed, DeliveryRejected
from workers.runtime import Runtime

log = structlog.get_logger()

Subscriber = Callable[[Runtime, StoredEvent], Awaitable[None]]


async def deliver(runtime: Runtime, subscribers: dict[str, Subscriber], delivery_id: UUID) -> None:
    """Run one delivery if it is this worker's to run; a hint that is stale does nothing."""
    async with runtime.engine.begin() as connection:
        claimed = await deliveries.claim(connection, delivery_id, runtime.clock.now())
        if claimed is None:
            return
        event = await deliveries.read_event(connection, claimed.event_id)
    try:
        await subscribers[claimed.subscriber](runtime, event)
    except DeliveryPostponed as pause:
        await _postpone(runtime, claimed, pause)
    except DeliveryRejected as end:
        await _fail(runtime, claimed, DeliveryFailure(end.why, final=True))
    except DeliveryFailed as failure:
        await _fail(runtime, claimed, DeliveryFailure(failure.why, failure.retry_after))
    except Exception as error:
        log.warning("delivery.failed", subscriber=claimed.subscriber, type=event.type, exc_info=error)
        await _fail(runtime, claimed, DeliveryFailure(f"{type(error).__name__}: {error}"))
    else:
        async with runtime.engine.begin() as connection:
            await deliveries.finish(connection, claimed, runtime.clock.now())


async def _postpone(runtime: Runtime, claimed: ClaimedDelivery, pause: DeliveryPostponed) -> None:
    async with runtime.engine.begin() as connection:
        await deliveries.postpone(connection, claimed, runtime.clock.now() + pause.delay, pause.why)


async def _fail(runtime: Runtime, claimed: ClaimedDelivery, failure: DeliveryFailure) -> None:
    """Due again later, or parked; a parked delivery is a fact that administrators hear of."""
    actor = Actor.system(Role.system_notices)
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        if await deliveries.fail(connection, claimed, failure, runtime.clock.now()):
            await uow.record(parked_event(claimed.id, claimed.subscriber, claimed.event_type, failure.why))
        await uow.finish()
