"""From a commit to the webhook's arrival at n8n's address, at ten events a second: python -m tests.bench.webhooks.

Start the installation with ``--without n8n`` and N8N_URL=http://127.0.0.1:8899: this program listens there in
n8n's place and answers at once, so that what is measured is Parley's own part (relay, Redis, worker, post).
The clock starts at the event's own time, which is taken inside the transaction, a moment before its commit.
"""

import asyncio
import datetime as dt
import os
import statistics
import time
from typing import Any

import aiohttp
from aiohttp import web

from tests.bench.cycles import Shop, opened_shop

PORT = 8899
EVERY, EVENTS, WARM_UP = 0.1, 150, 10


async def arrivals(request: web.Request) -> web.Response:
    """Note when an RFQ's event came, beside when it happened."""
    now = dt.datetime.now(dt.UTC)  # noqa: TID251
    event: dict[str, Any] = await request.json()
    if event["type"].endswith("rfq.sent"):
        happened = dt.datetime.fromisoformat(event["time"].replace("Z", "+00:00"))
        request.app["latencies"].append((now - happened).total_seconds() * 1000)
    return web.json_response({})


async def send(shop: Shop) -> None:
    """Ten RFQs a second, each in its own time, whatever the others do."""
    requests = [await shop.request() for _ in range(EVENTS + WARM_UP)]
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, request in enumerate(requests):
            await asyncio.sleep(max(0.0, began + number * EVERY - time.perf_counter()))
            group.create_task(shop.rfq(request))


async def main() -> None:
    app = web.Application()
    app["latencies"] = []
    app.router.add_post("/webhook/parley/{flow}", arrivals)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", PORT).start()
    print(f"{os.cpu_count()} CPUs, load before {os.getloadavg()[0]:.1f}")
    async with aiohttp.ClientSession() as session:
        await send(await opened_shop(session))
    await asyncio.sleep(3)
    told = app["latencies"][WARM_UP:]
    spread = statistics.quantiles(told, n=100, method="inclusive")
    print(f"{len(told)} webhooks at 10/s: p50 {spread[49]:.0f} ms, p99 {spread[98]:.0f} ms")
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
