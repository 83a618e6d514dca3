"""Stands in for Parley's API and for the other system: keeps every call-back and refuses what the API refuses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from multidict import CIMultiDictProxy
from pydantic import BaseModel, ValidationError

from api.contract.operations import FlowStatusIn, NoticesIn, RouteIn

MODELS: dict[str, type[BaseModel]] = {"notices": NoticesIn, "status": FlowStatusIn, "routes": RouteIn}


@dataclass(frozen=True)
class ReceivedCallback:
    """One request that arrived: which door, its JSON, its headers, and what was answered."""

    endpoint: str
    body: dict[str, Any]
    headers: CIMultiDictProxy[str]
    status: int


@dataclass
class CallbackReceiver:
    """All calls so far; ``handover_answers`` is what the other system says."""

    calls: list[ReceivedCallback] = field(default_factory=list)
    notified: set[tuple[str, str, str]] = field(default_factory=set)
    handover_answers: int = 201
    url: str = ""

    @property
    def callback(self) -> str:
        return f"{self.url}/hooks/n8n"

    def calls_of(self, event_id: str, endpoint: str) -> list[ReceivedCallback]:
        return [call for call in self.calls if call.endpoint == endpoint and _event_id(call) == event_id]

    async def wait(self, event_id: str, endpoint: str, count: int = 1, seconds: float = 60) -> list[ReceivedCallback]:
        """The calls of one event at one door, as soon as there are enough."""
        async with asyncio.timeout(seconds):
            while len(found := self.calls_of(event_id, endpoint)) < count:
                await asyncio.sleep(0.02)
        return found

    async def handle(self, request: web.Request) -> web.Response:
        endpoint, body = request.match_info["door"], await request.json()
        answer = self._answer(endpoint, body, request.headers.get("Authorization", ""))
        self.calls.append(ReceivedCallback(endpoint, body, request.headers, answer))
        return web.json_response({"accepted": 1, "known": 0}, status=answer)

    def _answer(self, endpoint: str, body: dict[str, Any], authorization: str) -> int:
        if endpoint == "handover":
            return self.handover_answers
        try:
            MODELS[endpoint].model_validate(body)
        except (KeyError, ValidationError):
            return 422
        if authorization != f"Bearer token-of-{body['event_id']}":
            return 401
        rows = {(body["event_id"], row["person_id"], body["kind"]) for row in body.get("recipients", ())}
        known = bool(rows) and rows <= self.notified
        self.notified |= rows
        return 200 if known else 202


def _event_id(call: ReceivedCallback) -> str:
    return str(call.body["id"] if call.endpoint == "handover" else call.body["event_id"])


@asynccontextmanager
async def run_receiver() -> AsyncIterator[CallbackReceiver]:
    """A receiver on a free loopback port."""
    receiver = CallbackReceiver()
    app = web.Application()
    app.router.add_post("/hooks/n8n/{door}", receiver.handle)
    app.router.add_post("/other/{door}", receiver.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield receiver
    finally:
        await runner.cleanup()
