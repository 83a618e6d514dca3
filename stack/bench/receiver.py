"""The receiver in n8n's place: answers every webhook at once and remembers when it came.

One rule: what is measured is Parley's own part, so the receiver does nothing else.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field

from aiohttp import web

from stack.errors import StackError
from stack.ports import HOST


@dataclass
class WebhookReceiver:
    """When each event came first, by its id (the header ``webhook-id``), in seconds of the monotonic clock."""

    arrivals: dict[str, float] = field(default_factory=dict)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, request: web.Request) -> web.Response:
        self.arrived.set()
        self.arrivals.setdefault(request.headers["webhook-id"], time.monotonic())
        await request.read()
        return web.json_response({})

    async def wait_for(self, ids: Collection[str], most_seconds: float) -> None:
        """Until all of them came, or the time is over."""
        wanted = set(ids)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(most_seconds):
                while not self.arrivals.keys() >= wanted:
                    self.arrived.clear()
                    await self.arrived.wait()


@contextlib.asynccontextmanager
async def receiving(port: int) -> AsyncIterator[WebhookReceiver]:
    """A receiver that listens meanwhile."""
    receiver = WebhookReceiver()
    app = web.Application()
    app.router.add_post("/webhook/parley/{flow}", receiver.receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        yield receiver
    except OSError as error:
        raise StackError(f"the bench receives webhooks on port {port}, which is taken ({error})") from None
    finally:
        await runner.cleanup()
