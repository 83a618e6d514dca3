"""The subscriber ``analytics``: keeps current how long every purchase is in every stage, and the facts of figures.

One rule: it works in pieces, each committed by itself; a delivery ends long before its lease, and comes again at once
when there is more to do.
"""

import datetime as dt
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from core.access.actor import Actor
from core.access.roles import Role
from core.kept_facts import service
from core.kept_facts.facts import COUNTED
from core.log.events import Event
from core.log.stored import StoredEvent
from core.stage_visits import service as stage_visits
from core.stage_visits.repo import MEASURED
from core.uow import Uow
from workers.broker import Queue
from workers.calendars import keep_calendar
from workers.outcome import DeliveryPostponed
from workers.runtime import IN_EACH_OTHERS_WAY, Runtime, system_actor

QUEUE = Queue.work
SUBSCRIBES_TO: tuple[type[Event], ...] = (*MEASURED, *COUNTED)
SECONDS = 15
"""After these no further piece is begun; one lasts up to 10 s, and the lease 60 s."""
UNTIL_FREE = dt.timedelta(seconds=5)

log = structlog.get_logger()


async def run(runtime: Runtime, event: Event, stored: StoredEvent) -> None:
    """Measure up to this event, unless a later one was measured already."""
    pieces = _Pieces(runtime, system_actor(Role.system_dashboard, stored), time.monotonic() + SECONDS)
    try:
        measured = await pieces.measure(stored.position or 0)
    except IN_EACH_OTHERS_WAY as error:
        raise DeliveryPostponed(UNTIL_FREE, "somebody else measures") from error
    if not measured or not await pieces.keep_calendar():
        raise DeliveryPostponed(dt.timedelta(0), "there is more to measure")


@dataclass(frozen=True)
class _Pieces:
    """What one delivery does, in transactions of their own, until its time is over."""

    runtime: Runtime
    actor: Actor
    ends: float

    async def measure(self, position: int) -> bool:
        """Measure the log up to this position; false when the time was not enough."""
        while True:
            async with self._uow() as uow:
                reached = await service.measure(uow, self.actor, position)
            if reached >= position or self._over():
                return reached >= position

    async def keep_calendar(self) -> bool:
        """Keep working time by the present calendar; false when the time was not enough.

        What is measured does not wait for it: a calendar that cannot be kept is kept with the next event.
        """
        try:
            async with self._uow() as uow:
                more = await keep_calendar(uow, self.actor)
            while more:
                async with self._uow() as uow:
                    more = await stage_visits.work_anew(uow, self.actor)
                if self._over():
                    break
        except Exception as error:
            log.warning("calendar.not_kept", exc_info=error)
            return True
        return not more

    def _over(self) -> bool:
        return time.monotonic() >= self.ends

    @asynccontextmanager
    async def _uow(self) -> AsyncIterator[Uow]:
        async with self.runtime.engine.begin() as connection:
            uow = self.runtime.uow(connection, self.actor)
            yield uow
            await uow.finish()
