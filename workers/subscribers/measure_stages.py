"""The subscriber ``analytics``: keeps how long every purchase is in every stage current."""

from core.access.roles import Role
from core.log.events import Event
from core.log.stored import StoredEvent
from core.stage_visits import service
from core.stage_visits.repo import MEASURED
from workers.broker import Queue
from workers.calendars import keep_calendar
from workers.runtime import Runtime, system_actor

QUEUE = Queue.work
SUBSCRIBES_TO: tuple[type[Event], ...] = MEASURED


async def run(runtime: Runtime, event: Event, stored: StoredEvent) -> None:
    """Measure up to this event, unless a later one was measured already."""
    actor = system_actor(Role.system_dashboard, stored)
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        await keep_calendar(uow, actor)
        await service.measure(uow, actor, stored.position or 0)
        await uow.finish()
