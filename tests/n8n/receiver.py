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

TAKES: dict[str, type[BaseModel]] = {"notices": NoticesIn, "status": FlowStatusIn, "routes": RouteIn}


@dataclass(frozen=True)
class Call:
    """One request that arrived: which door, its JSON, its headers, and what was answered."""

    door: str
    body: dict[str, Any]
    headers: CIMultiDictProxy[str]
    answered: int


@dataclass
class Receiver:
    """All calls so far; ``handover_answers`` is what the other system says."""

    calls: list[Call] = field(default_factory=list)
    told: set[tuple[str, str, str]] = field(default_factory=set)
    handover_answers: int = 201
    url: str = ""

    @property
    def callback(self) -> str:
        return f"{self.url}/hooks/n8n"

    def of(self, event_id: str, door: str) -> list[Call]:
        return [call for call in self.calls if call.door == door and _event_id(call) == event_id]

    async def wait(self, event_id: str, door: str, count: int = 1, seconds: float = 15) -> list[Call]:
        """The calls of one event at one door, as soon as there are enough."""
        async with asyncio.timeout(seconds):
            while len(found := self.of(event_id, door)) < count:
                await asyncio.sleep(0.02)
        return found

    async def take(self, request: web.Request) -> web.Response:
        door, body = request.match_info["door"], await request.json()
        answer = self._answer(door, body, request.headers.get("Authorization", ""))
        self.calls.append(Call(door, body, request.headers, answer))
        return web.json_response({"accepted": 1, "known": 0}, status=answer)

    def _answer(self, door: str, body: dict[str, Any], authorization: str) -> int:
        if door == "handover":
            return self.handover_answers
        try:
            TAKES[door].model_validate(body)
        except (KeyError, ValidationError):
            return 422
        if authorization != f"Bearer token-of-{body['event_id']}":
            return 401
        rows = {(body["event_id"], row["person_id"], body["kind"]) for row in body.get("recipients", ())}
        known = bool(rows) and rows <= self.told
        self.told |= rows
        return 200 if known else 202


def _event_id(call: Call) -> str:
    return str(call.body["id"] if call.door == "handover" else call.body["event_id"])


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver on a free loopback port."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hooks/n8n/{door}", receiver.take)
    app.router.add_post("/other/{door}", receiver.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield receiver
    finally:
        await runner.cleanup()
