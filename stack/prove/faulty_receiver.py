"""The receiver in n8n's place: takes every webhook, and can fail in each way that receivers fail.

    200 · 404 · 410 · 429 with Retry-After · 500 · 503 · no answer · a reset connection · half a body

One rule: it counts an effect only for what it answered with 200, once for each event's id, as Standard Webhooks ask.
"""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import web

from stack.errors import StackError
from stack.ports import HOST

RETRY_AFTER_SECONDS = 2


class ReceiverFault(StrEnum):
    """What goes wrong with one webhook."""

    not_found = "404"
    gone = "410"
    too_many = "429"
    error = "500"
    away = "503"
    timeout = "timeout"
    reset = "reset"
    half_body = "half body"


@dataclass
class FaultyReceiver:
    """Faults by a seeded chance, and what came: tries, effects, and answers in order of time."""

    chance: random.Random
    share: float = 0.0
    faults: tuple[ReceiverFault, ...] = tuple(ReceiverFault)
    timeout_seconds: float = 20.0
    tries: Counter[str] = field(default_factory=Counter)
    effects: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    not_before: dict[str, float] = field(default_factory=dict)
    """By the event, the moment before which it must not come again (monotonic seconds)."""
    early: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    """Events that were answered with 410: they are not sent again."""

    async def receive(self, request: web.Request) -> web.StreamResponse:
        event = request.headers["webhook-id"]
        await request.read()
        self.tries[event] += 1
        if time.monotonic() < self.not_before.get(event, 0) or event in self.gone:
            self.early.append(event)
        if self.chance.random() < self.share:
            fault = self.chance.choice(self.faults)
            self.given[fault] += 1
            return await self._fail(request, event, fault)
        self.effects[event] += 1
        self.given["200"] += 1
        return web.json_response({})

    async def _fail(self, request: web.Request, event: str, fault: ReceiverFault) -> web.StreamResponse:
        if fault is ReceiverFault.timeout:
            await asyncio.sleep(self.timeout_seconds)
        if fault in (ReceiverFault.timeout, ReceiverFault.reset):
            return _cut(request, web.Response())
        if fault is ReceiverFault.half_body:
            return _cut(request, await _begun(request))
        headers = {}
        if fault is ReceiverFault.too_many:
            headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            self.not_before[event] = time.monotonic() + RETRY_AFTER_SECONDS
        if fault is ReceiverFault.gone:
            self.gone.add(event)
        return web.json_response({"error": fault}, status=int(fault), headers=headers)


async def _begun(request: web.Request) -> web.StreamResponse:
    """An answer that promises a hundred bytes and sends ten."""
    answer = web.StreamResponse(headers={"Content-Length": "100"})
    await answer.prepare(request)
    await answer.write(b"x" * 10)
    return answer


def _cut(request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return answer


async def listen(receiver: FaultyReceiver, port: int) -> web.AppRunner:
    """Serve it; the runner's ``cleanup`` ends it."""
    app = web.Application()
    app.router.add_post("/webhook/parley/{flow}", receiver.receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError as error:
        raise StackError(f"webhooks are received on port {port}, which is taken ({error})") from None
    return runner
