"""Deliveries: claim them, run their subscribers, finish them; the same shape as the api's edge.

One rule: the row in PostgreSQL always shows how the delivery stands, whatever happens to the worker.

A worker that lives renews the leases of what it runs; one that dies leaves a lease that expires, a subscriber that
fails leaves a due time, and a delivery whose workers died five times in a row is parked.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import structlog

from api.logging import describe_error
from core.access.actor import Actor
from core.access.roles import Role
from core.db.connection import DATABASE_ERRORS
from core.log import deliveries
from core.log.deliveries import LEASE, ClaimedDelivery, DeliveryFailure, parked_event
from core.log.events import UnknownEventType
from core.log.stored import StoredEvent, UndecodableEvent
from workers.delivery_metrics import count_ended, timed
from workers.outcome import DeliveryFailed, DeliveryPostponed, DeliveryRejected
from workers.runtime import Runtime, Slots, TakenSlots

log = structlog.get_logger()

RENEW_SECONDS = LEASE.total_seconds() / 3
RENEWALS = 30
"""Whatever hangs longer than these is taken for dead, and claimed again."""
Subscriber = Callable[[Runtime, Any, StoredEvent], Awaitable[None]]
"""Takes the event and its row in the log."""


async def deliver(
    runtime: Runtime,
    subscribers: Mapping[str, Subscriber],
    delivery_ids: Sequence[UUID],
    slots: Slots | None = None,
) -> None:
    """Run those of these deliveries that this worker can claim; a stale hint does nothing.

    They are claimed together, as many as have a free slot, and each is finished as soon as it has run, together with
    whatever else has: one that waits for a slow receiver holds up no other. Nothing new is claimed once the worker
    stops.
    """
    waiting = list(delivery_ids)
    while waiting and not runtime.stopping.is_set():
        async with (slots or runtime.delivery_slots).take(len(waiting)) as taken:
            batch, waiting = waiting[: taken.count], waiting[taken.count :]
            await _deliver_batch(runtime, subscribers, batch, taken)


async def _deliver_batch(
    runtime: Runtime, subscribers: Mapping[str, Subscriber], batch: Sequence[UUID], taken: TakenSlots
) -> None:
    """Each delivery gives its slot back when it has ended; those that could not be claimed never needed one."""
    claimed = await runtime.claiming.ask(batch)
    taken.give_back(len(batch) - len(claimed))
    held = {each.id: each for each in claimed}

    async def run(delivery: ClaimedDelivery) -> None:
        """Those of its subject; ``held`` names the one that runs now by the first one's id."""
        try:
            following: ClaimedDelivery | None = delivery
            while following is not None and await _attempt(runtime, subscribers, following):
                following = await _finish(runtime, following)
                if following is not None:
                    held[delivery.id] = following
        finally:
            del held[delivery.id]
            taken.give_back()

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(run(each)) for each in claimed]
        if tasks:
            await _hold(runtime, tasks, held)
    for task in tasks:
        task.result()  # a group passes over a task that was cancelled


async def _hold(
    runtime: Runtime, tasks: Sequence[asyncio.Task[None]], held: Mapping[UUID, ClaimedDelivery]
) -> None:
    """Renew the leases of what still runs, until all of it has ended."""
    for _ in range(RENEWALS):
        _, running = await asyncio.wait(tasks, timeout=RENEW_SECONDS)
        if not running:
            return
        try:
            async with runtime.engine.autocommit() as connection:
                await deliveries.renew(connection, list(held.values()), runtime.clock.now())
        except DATABASE_ERRORS as error:
            log.warning("delivery.not_renewed", exc_info=error)


async def _finish(runtime: Runtime, done: ClaimedDelivery) -> ClaimedDelivery | None:
    """Mark as done; returns the next delivery of the same subject, claimed."""
    try:
        following = await runtime.finishing.ask(done)
        if following is None or not runtime.stopping.is_set():
            return following
        await _postpone(runtime, following, DeliveryPostponed(dt.timedelta(0), "the worker stops"))
    except DATABASE_ERRORS as error:
        log.warning("delivery.not_finished", exc_info=error)  # again, when its lease expires
    except Exception as error:
        log.error("delivery.not_finished", exc_info=error)
    return None


async def _attempt(runtime: Runtime, subscribers: Mapping[str, Subscriber], claimed: ClaimedDelivery) -> bool:
    """Run the subscriber once; false when the delivery was postponed, failed or parked.

    Nothing is raised: an error here would stop the other deliveries in the middle of what they send.
    """
    try:
        return await _run_subscriber(runtime, subscribers, claimed)
    except DATABASE_ERRORS as error:
        log.warning("delivery.not_finished", exc_info=error)  # again, when its lease expires
        return False


async def _run_subscriber(
    runtime: Runtime, subscribers: Mapping[str, Subscriber], claimed: ClaimedDelivery
) -> bool:
    event, outcome = claimed.event, "failed"
    try:
        with timed(claimed.subscriber):
            await subscribers[claimed.subscriber](runtime, event.decode(), event)
        outcome = "done"
    except DeliveryPostponed as pause:
        outcome = "postponed"
        await _postpone(runtime, claimed, pause)
    except DeliveryRejected as end:
        outcome = "rejected"
        await _fail(runtime, claimed, DeliveryFailure(end.why, final=True))
    except DeliveryFailed as failure:
        await _fail(runtime, claimed, DeliveryFailure(failure.why, failure.retry_after))
    except (UnknownEventType, UndecodableEvent) as error:
        log.warning("delivery.undecodable", subscriber=claimed.subscriber, type=event.type, why=str(error))
        await _fail(runtime, claimed, DeliveryFailure(str(error)))
    except Exception as error:
        log.warning("delivery.failed", subscriber=claimed.subscriber, type=event.type, exc_info=error)
        await _fail(runtime, claimed, DeliveryFailure(describe_error(error)))
    finally:
        count_ended(claimed.subscriber, outcome)
    return outcome == "done"


async def _postpone(runtime: Runtime, claimed: ClaimedDelivery, pause: DeliveryPostponed) -> None:
    async with runtime.engine.autocommit() as connection:
        await deliveries.postpone(connection, claimed, runtime.clock.now() + pause.delay, pause.why)


async def _fail(runtime: Runtime, claimed: ClaimedDelivery, failure: DeliveryFailure) -> None:
    """Schedule the next attempt or park; parking is an event that administrators get a notice about."""
    actor = Actor.system(Role.system_notices)
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        if await deliveries.fail(connection, claimed, failure, runtime.clock.now()):
            await uow.record(parked_event(claimed.id, claimed.subscriber, claimed.event.type, failure.why))
        await uow.finish()
