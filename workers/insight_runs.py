"""Carries out a run of a feature: collect piece by piece, work out in a thread, put the scores in force.

One rule: nothing is held while it is worked out, and a run that ended is not carried out again.

What is collected is kept with each piece, so a run goes on where it was when its worker died or its time was over. One
that fails for ``GIVEN_UP_AFTER`` is given up, and administrators are told; the next day begins another.
"""

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from api.logging import describe_error
from core.access.actor import Actor
from core.access.roles import Role
from core.insights import pieces
from core.insights import service as insights
from core.insights.model import GIVEN_UP_AFTER, InsightRun
from core.insights.pieces import CollectStep
from core.log.stored import StoredEvent
from core.uow import Uow
from workers.outcome import DeliveryPostponed, DeliveryRejected
from workers.runtime import IN_EACH_OTHERS_WAY, Runtime, system_actor

SECONDS = 15
"""After these no further piece is begun, so that other deliveries and a stop have their turn."""
UNTIL_FREE = dt.timedelta(seconds=5)

Inputs = TypeVar("Inputs")


@dataclass(frozen=True)
class RunStage(Generic[Inputs]):
    """What is read of what was collected, and what follows from it.

    ``work_out`` takes the inputs and what the stage before came to; it runs in a thread, and may import there what
    takes long to load.
    """

    inputs: Callable[[Uow, Actor, InsightRun], Awaitable[Inputs]]
    work_out: Callable[[Inputs, Any], Any]


@dataclass(frozen=True)
class RunWork:
    """What a feature does in a run; the last stage comes to a ``RunOutcome``, and each forgets its inputs."""

    steps: Sequence[CollectStep]
    stages: Sequence[RunStage[Any]]


async def carry_out(runtime: Runtime, run_id: UUID, *, caused_by: StoredEvent, work: RunWork) -> None:
    """From the begun run to its scores; DeliveryPostponed when there is more to collect than there was time for."""
    carried = _Carried(runtime, system_actor(Role.system_insights, caused_by), run_id)
    try:
        collected = await carried.on(work)
    except IN_EACH_OTHERS_WAY as error:
        raise DeliveryPostponed(UNTIL_FREE, "somebody else has it") from error
    except Exception as error:
        await carried.give_up_if_old(describe_error(error))
        raise
    if not collected:
        raise DeliveryPostponed(dt.timedelta(0), "there is more to collect")


@dataclass(frozen=True)
class _Carried:
    """One run, in transactions of their own."""

    runtime: Runtime
    actor: Actor
    run_id: UUID

    async def on(self, work: RunWork) -> bool:
        """False when there is more to collect than there was time for."""
        if not await self._collect(work.steps):
            return False
        found: Any = None
        for stage in work.stages:
            found = await self._worked_out(stage, found)
        async with self._uow() as (uow, run):
            if run is not None:
                await insights.finish_run(uow, self.actor, run, found)
        return True

    async def _worked_out(self, stage: RunStage[Inputs], so_far: Any) -> Any:
        """What a stage comes to; nothing when the run has ended meanwhile."""
        async with self._uow() as (uow, run):
            if run is None:
                return None
            inputs = await stage.inputs(uow, self.actor, run)
        return await asyncio.to_thread(stage.work_out, inputs, so_far)

    async def _collect(self, steps: Sequence[CollectStep]) -> bool:
        """Whether all is collected, or the run has ended."""
        ends = time.monotonic() + SECONDS
        while True:
            async with self._uow() as (uow, run):
                if run is None or not await pieces.collect_next(uow, self.actor, run, steps):
                    return True
            if time.monotonic() >= ends or self.runtime.stopping.is_set():
                return False

    async def give_up_if_old(self, why: str) -> None:
        """DeliveryRejected, so that administrators are told, when the run has failed for long enough."""
        async with self._uow() as (uow, run):
            given_up = run is not None and uow.now - run.started_at > GIVEN_UP_AFTER
            if run is not None and given_up:
                await insights.fail_run(uow, self.actor, run, why)
        if given_up:
            raise DeliveryRejected(why)

    @asynccontextmanager
    async def _uow(self) -> AsyncIterator[tuple[Uow, InsightRun | None]]:
        """A transaction in which nobody else carries on the run; None when it has ended."""
        async with self.runtime.engine.begin() as connection:
            uow = self.runtime.uow(connection, self.actor)
            yield uow, await insights.run_to_carry_out(uow, self.actor, self.run_id)
            await uow.finish()
