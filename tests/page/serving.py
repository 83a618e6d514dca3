"""The application on a port, for a browser; and what workers do meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from core.access.actor import Actor
from core.access.roles import Role
from core.db.engine import make_engine
from core.kernel.clock import SystemClock
from core.log.seal import Subscriptions, seal
from core.stage_visits import service as stage_visits
from tests.bots.bot_env import free_port
from tests.support.api import Api
from tests.support.postgres import Database
from tests.support.world import World


@asynccontextmanager
async def served(api: Api) -> AsyncIterator[str]:
    """The address; open streams end with it."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(api.app, port=port, log_level="warning", lifespan="off"))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            api.app.state.changes.stop()
            server.should_exit = True


async def sealed(database: Database) -> None:
    """What the relay does: every event gets its position."""
    engine = make_engine(database.sealer_url, size=1, name="sealer")
    async with engine.begin() as connection:
        while (await seal(connection, Subscriptions({}), SystemClock().now())).events:
            pass
    await engine.dispose()


async def measured(world: World, database: Database) -> None:
    """What feeds the figures: every event so far, in the order of the log."""
    await sealed(database)

    so_far = None
    while so_far is None or not so_far.ended:
        so_far = await world.act(Actor.system(Role.system_dashboard), stage_visits.rebuild, so_far)
