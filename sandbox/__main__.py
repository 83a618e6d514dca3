"""``python -m sandbox``: the stand-in as one process, on loopback unless told otherwise."""

import asyncio
import os
import signal
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.control.knobs import Knobs
from sandbox.control.people import People
from sandbox.page.inside import Inside
from sandbox.page.plays import Plays
from sandbox.page.routes import Page
from sandbox.parts import Parts
from sandbox.slack.server import Server as Slack
from sandbox.telegram.server import Server as Telegram


def make_app(parts: Parts) -> web.Application:
    """Control interface, page, the Bot API and the Web API."""

    @web.middleware
    async def reached(request: web.Request, handler: Handler) -> web.StreamResponse:
        parts.slack.origin = str(request.url.origin())
        return await handler(request)

    app = web.Application(client_max_size=60 * 1024 * 1024, middlewares=[reached])
    shown = (Page(), Plays(), Inside())
    for part in (Knobs(parts), People(parts), *shown, Slack(parts.slack), Telegram(parts.telegram)):
        app.add_routes(part.routes())
    return app


async def serve(parts: Parts, host: str, port: int) -> None:
    """Until SIGTERM; the snapshot is written last."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(make_app(parts), shutdown_timeout=2)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    async with asyncio.TaskGroup() as tasks:
        work = [tasks.create_task(each) for each in parts.work()]
        await stop.wait()
        for task in work:
            task.cancel()
    parts.memory.write()
    await runner.cleanup()


def main() -> None:
    state = os.environ.get("SANDBOX_STATE_FILE")
    parts = Parts(Path(state) if state else None)
    host, port = os.environ.get("SANDBOX_HOST", "127.0.0.1"), int(os.environ.get("SANDBOX_PORT", "8081"))
    asyncio.run(serve(parts, host, port))


if __name__ == "__main__":
    main()
