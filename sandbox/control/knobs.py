"""The rest of the control interface: bots, groups, the call log, refusals, faults, and a stream of changes."""

import json
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ValidationError

from sandbox.control.people import wrong
from sandbox.telegram.faults import Fault, Kind
from sandbox.telegram.model import Bot, Group
from sandbox.telegram.store import Store


class NewBot(BaseModel):
    token: str
    username: str
    name: str


class NewGroup(BaseModel):
    id: int
    title: str
    forum: bool = False
    members: list[int] = []


class Knobs:
    """Everything that is not a person."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/health", self.health),
            web.post("/control/bots", self.add_bot),
            web.post("/control/groups", self.add_group),
            web.get("/control/log", self.log),
            web.get("/control/refusals", self.refusals),
            web.delete("/control/refusals", self.forget_refusals),
            web.post("/control/faults", self.add_fault),
            web.get("/control/faults", self.faults),
            web.delete("/control/faults", self.clear_faults),
            web.get("/control/events", self.events),
        ]

    async def health(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def add_bot(self, request: web.Request) -> web.Response:
        """Register a token; the number before its colon is the bot's id, as on the real server."""
        try:
            new = NewBot.model_validate_json(await request.read())
        except ValidationError as error:
            return wrong(str(error))
        number = new.token.partition(":")[0]
        if not number.isdigit():
            return wrong("a token looks like 123456:ABC-def")
        known = self._store.world.bots.get(new.token)
        if known is None:
            bot = Bot(id=int(number), token=new.token, username=new.username, name=new.name)
            self._store.world.bots[new.token] = bot
        else:
            known.username, known.name = new.username, new.name
        for person in self._store.world.people.values():
            if person.note and int(number) not in person.started:
                person.started.append(int(number))
        await self._store.touch()
        return web.json_response({"id": int(number)})

    async def add_group(self, request: web.Request) -> web.Response:
        try:
            new = NewGroup.model_validate_json(await request.read())
        except ValidationError as error:
            return wrong(str(error))
        self._store.world.groups[new.id] = Group(**new.model_dump())
        await self._store.touch()
        return web.json_response({"id": new.id})

    async def log(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", 0))
        return web.json_response([entry for entry in self._store.log if entry["seq"] > after])

    async def refusals(self, request: web.Request) -> web.Response:
        return web.json_response(self._store.world.refusals)

    async def forget_refusals(self, request: web.Request) -> web.Response:
        self._store.world.refusals.clear()
        await self._store.touch()
        return web.Response(status=204)

    async def add_fault(self, request: web.Request) -> web.Response:
        """Set a fault; two of them act at once: a person blocks the bot, presses expire."""
        try:
            fault = Fault.model_validate_json(await request.read())
        except ValidationError as error:
            return wrong(str(error))
        if fault.kind is Kind.blocked and fault.person is not None:
            self._block(fault.person)
        elif fault.kind is Kind.expire:
            for press in self._store.world.presses.values():
                press.expired = True
        else:
            fault = self._store.faults.add(fault)
        await self._store.touch()
        return web.json_response(fault.model_dump(mode="json"))

    def _block(self, person_id: int) -> None:
        person = self._store.world.people.get(person_id)
        if person is not None:
            person.blocked = [bot.id for bot in self._store.world.bots.values()]

    async def faults(self, request: web.Request) -> web.Response:
        return web.json_response([fault.model_dump(mode="json") for fault in self._store.faults.active])

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Behave again; whoever blocked a bot takes it back."""
        self._store.faults.clear()
        for person in self._store.world.people.values():
            person.blocked = []
        await self._store.touch()
        return web.Response(status=204)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: one line whenever something changed."""
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        await stream.prepare(request)
        version = -1
        while True:
            await self._store.until(15, version)
            version = self._store.version
            told: dict[str, Any] = {"version": version, "refusals": len(self._store.world.refusals)}
            try:
                await stream.write(f"data: {json.dumps(told)}\n\n".encode())
            except (ConnectionResetError, ConnectionError):
                return stream
