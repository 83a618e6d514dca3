"""The application on a port, for a browser; and what workers do meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from tests.bots.bot_env import free_port
from tests.support.api import Api


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
