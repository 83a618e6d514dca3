"""``python -m sandbox``: the stand-in as one process, on loopback unless told otherwise."""

import asyncio
import os
import signal
from pathlib import Path

from aiohttp import web

from sandbox.control.knobs import Knobs
from sandbox.control.people import People
from sandbox.page.routes import Page
from sandbox.telegram.server import Server
from sandbox.telegram.store import Store
from sandbox.telegram.updates import Deliverer


def make_app(store: Store) -> web.Application:
    """Control interface, page, and the Bot API."""
    app = web.Application(client_max_size=60 * 1024 * 1024)
    for part in (Knobs(store), People(store), Page(store), Server(store)):
        app.add_routes(part.routes())
    return app


async def serve(store: Store, host: str, port: int) -> None:
    """Until SIGTERM; the snapshot is written last."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(make_app(store), shutdown_timeout=2)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    async with asyncio.TaskGroup() as tasks:
        work = [tasks.create_task(Deliverer(store).run()), tasks.create_task(store.keep())]
        await stop.wait()
        for task in work:
            task.cancel()
    store.write()
    await runner.cleanup()


def main() -> None:
    state = os.environ.get("SANDBOX_STATE_FILE")
    store = Store(Path(state) if state else None)
    host, port = os.environ.get("SANDBOX_HOST", "127.0.0.1"), int(os.environ.get("SANDBOX_PORT", "8081"))
    asyncio.run(serve(store, host, port))


if __name__ == "__main__":
    main()
