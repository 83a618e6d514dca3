"""The scheduled work of the workers in this process, at any time that a test chooses.

async with schedule_ticks(world) as tick:
    await tick(seconds=61)        one tick of workers.schedule, as if so much time had passed
"""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

import aiohttp
from pydantic import SecretStr
from sqlalchemy import select

from core.log.stored import StoredEvent, read_event
from core.log.tables import audit_events
from tests.support.clocks import OffsetClock
from tests.support.world import World
from workers import schedule
from workers.runtime import Runtime
from workers.settings import WorkerSettings

SECRET = SecretStr("a secret of more than thirty-two bytes, for tests")


class Tick(Protocol):
    async def __call__(self, **ahead: float) -> None:
        """Run everything scheduled once, as if so much time had passed (arguments as for ``timedelta``)."""


@asynccontextmanager
async def runtime_at(world: World, **ahead: float) -> AsyncIterator[Runtime]:
    """The resources of one worker process, without a chat platform."""
    settings = WorkerSettings.model_construct(
        **{name: field.default for name, field in WorkerSettings.model_fields.items()}
        | {"n8n_url": "http://127.0.0.1:9", "n8n_hook_secret": SECRET, "callback_secret": SECRET}
    )
    async with aiohttp.ClientSession() as http:
        yield Runtime(settings, world.engine, http, {}, OffsetClock(dt.timedelta(**ahead)))


@asynccontextmanager
async def schedule_ticks(world: World) -> AsyncIterator[Tick]:
    """A function that runs one tick of the schedule over this world."""

    async def tick(**ahead: float) -> None:
        async with runtime_at(world, **ahead) as runtime:
            await schedule.tick(runtime)

    yield tick


async def events_of_purchase(world: World, request_id: object) -> list[StoredEvent]:
    """Everything that happened to a purchase, as subscribers read it."""
    event = audit_events.c
    async with world.engine.connect() as connection:
        ids = await connection.scalars(
            select(event.id).where(event.request_id == request_id).order_by(event.seq)
        )
        return [await read_event(connection, event_id) for event_id in ids]
