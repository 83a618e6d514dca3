"""Stands in for n8n's webhooks: keeps what was posted and answers as it is told, in all the ways that a server
can be wrong.

    webhooks.answers = [404, (429, {"Retry-After": "7"}), "reset"]     then 200
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web
from multidict import CIMultiDictProxy

Answer = int | tuple[int, dict[str, str]] | Literal["silence", "reset", "half"]


@dataclass(frozen=True)
class ReceivedPost:
    flow: str
    raw: bytes
    headers: CIMultiDictProxy[str]

    @property
    def event(self) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(self.raw)
        return event


@dataclass
class Webhooks:
    """Every post so far; after the planned answers it says 200."""

    posts: list[ReceivedPost] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    url: str = ""
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.posts.append(ReceivedPost(request.match_info["flow"], await request.read(), request.headers))
        answer = self.answers.pop(0) if self.answers else 200
        match answer:
            case "silence":
                await self.closing.wait()
                return web.Response()
            case "reset":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case "half":
                return await self._half(request)
            case (status, headers):
                return web.Response(status=status, headers=headers)
            case status:
                return web.Response(status=status)

    async def _half(self, request: web.Request) -> web.StreamResponse:
        """A server that says 200 and falls over while it writes the rest."""
        answer = web.StreamResponse(status=200, headers={"Content-Length": "1000"})
        await answer.prepare(request)
        await answer.write(b"half")
        assert request.transport is not None
        request.transport.close()
        return answer


@asynccontextmanager
async def listening() -> AsyncIterator[Webhooks]:
    """Webhooks on a free loopback port."""
    webhooks = Webhooks()
    app = web.Application()
    app.router.add_post("/webhook/parley/{flow}", webhooks.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    webhooks.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield webhooks
    finally:
        webhooks.closing.set()
        await runner.cleanup()
