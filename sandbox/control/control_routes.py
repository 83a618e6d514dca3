"""The rest of the control interface: bots, apps, groups, call log, refusals, faults, and a stream of changes."""

import json
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from sandbox.backend import SandboxBackend
from sandbox.control.fault_effects import FaultEffects
from sandbox.control.person_contract import ControlError, Json
from sandbox.control.person_routes import json_handler
from sandbox.faults import IMMEDIATE_KINDS, Fault
from sandbox.slack import channels
from sandbox.slack.model import AppUrls, SlackApp, SlackConversation
from sandbox.slack.world_store import DEFAULT_TEAM
from sandbox.telegram.chat_membership import migrate_group, put_group
from sandbox.telegram.model import TelegramBot, TelegramGroup


class NewBot(BaseModel):
    token: str
    username: str
    name: str
    domain: str = ""


class NewApp(BaseModel):
    app_id: str
    signing_secret: str
    bot_token: str
    bot_user: str
    bot_id: str = "B0PARLEY"
    name: str = "Parley"
    team_id: str = DEFAULT_TEAM
    urls: AppUrls = AppUrls()
    commands: list[str] = ["/parley"]
    scopes: list[str] = []
    client_id: str = ""
    client_secret: str = ""
    app_token: str = ""


class NewGroup(BaseModel):
    """A group, or a Slack channel (``platform: slack``, ``private``); members are people and bots by id."""

    id: int | str
    title: str
    platform: str = "telegram"
    forum: bool = False
    private: bool = False
    team_id: str = DEFAULT_TEAM
    members: list[int | str] = []
    bot_manages: bool = True
    anonymous: list[int] = []


class ControlRoutes:
    """The routes that play no person."""

    def __init__(self, backend: SandboxBackend) -> None:
        self._memory = backend.memory
        self._telegram = backend.telegram
        self._slack = backend.slack
        self._delivery = backend.delivery
        self._fault_effects = FaultEffects(backend)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/health", self.health),
            web.post("/control/bots", self.add_bot),
            web.post("/control/slack/apps", self.add_app),
            web.post("/control/groups", self.add_group),
            web.get("/control/groups", self.groups),
            web.post("/control/groups/{id:-\\d+|[CG]\\w+}/migrate", self.migrate_group),
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

    @json_handler
    async def add_bot(self, request: web.Request) -> Any:
        """Register a token; the number before its colon is the bot's id, as on the real server."""
        new = NewBot.model_validate_json(await request.read())
        number, world = new.token.partition(":")[0], self._telegram.world
        if not number.isdigit():
            raise ControlError("a token looks like 123456:ABC-def")
        known = world.bots.get(new.token)
        if known is None:
            bot = TelegramBot(id=int(number), **new.model_dump())
            world.bots[new.token] = bot
        else:
            known.username, known.name, known.domain = new.username, new.name, new.domain
        for person in world.people.values():
            if person.note and int(number) not in person.started:
                person.started.append(int(number))
        await self._memory.touch()
        return {"id": int(number)}

    @json_handler
    async def add_app(self, request: web.Request) -> Any:
        """Register an app in a workspace, or change its addresses."""
        new = NewApp.model_validate_json(await request.read())
        self._slack.team(new.team_id)
        known = self._slack.world.apps.get(new.bot_token)
        revoked = bool(known and known.revoked)
        self._slack.world.apps[new.bot_token] = SlackApp(**new.model_dump(), revoked=revoked)
        await self._memory.touch()
        return {"app_id": new.app_id, "team_id": new.team_id}

    @json_handler
    async def add_group(self, request: web.Request) -> Any:
        new = NewGroup.model_validate_json(await request.read())
        if new.platform == "slack":
            channel = SlackConversation(
                id=str(new.id),
                team_id=new.team_id,
                kind="group" if new.private else "channel",
                name=new.title,
                members=[str(each) for each in new.members],
            )
            await channels.put_channel(self._slack, self._delivery, channel)
        else:
            members = [int(each) for each in new.members]
            group = TelegramGroup(
                id=int(new.id),
                title=new.title,
                forum=new.forum,
                members=members,
                bot_manages=new.bot_manages,
                anonymous=new.anonymous,
            )
            await put_group(self._telegram, group)
        await self._memory.touch()
        return {"id": new.id}

    @json_handler
    async def groups(self, request: web.Request) -> Any:
        """Every group and channel, with its topics."""
        found: list[Json] = [
            {**each.model_dump(mode="json"), "platform": "telegram"}
            for each in self._telegram.world.groups.values()
        ]
        conversations = [each for each in self._slack.world.channels.values() if each.kind != "im"]
        return found + [
            {**each.model_dump(), "title": each.name, "platform": "slack"} for each in conversations
        ]

    @json_handler
    async def migrate_group(self, request: web.Request) -> Any:
        """The group becomes a supergroup with another number, or the channel gets another id.

        The members are notified.
        """
        name = request.match_info["id"]
        if name in self._slack.world.channels:
            return {"id": await channels.change_channel_id(self._slack, self._delivery, name)}
        if not name.startswith("-") or int(name) not in self._telegram.world.groups:
            raise ControlError("there is no such group", 404)
        return {"id": await migrate_group(self._telegram, int(name))}

    async def log(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", 0))
        return web.json_response([entry for entry in self._memory.log if entry["seq"] > after])

    async def refusals(self, request: web.Request) -> web.Response:
        return web.json_response(self._memory.refusals)

    async def forget_refusals(self, request: web.Request) -> web.Response:
        self._memory.refusals.clear()
        await self._memory.touch()
        return web.Response(status=204)

    @json_handler
    async def add_fault(self, request: web.Request) -> Any:
        """Set a fault; some take effect at once."""
        fault = Fault.model_validate_json(await request.read())
        if fault.kind in IMMEDIATE_KINDS and not (fault.kind == "blocked" and fault.person is None):
            await self._fault_effects.apply(fault)
        else:
            fault = self._memory.faults.add(fault)
        await self._memory.touch()
        return fault.model_dump(mode="json")

    async def faults(self, request: web.Request) -> web.Response:
        return web.json_response([fault.model_dump(mode="json") for fault in self._memory.faults.active])

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Remove all faults; people who blocked a bot unblock it."""
        await self._fault_effects.revert()
        await self._memory.touch()
        return web.Response(status=204)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: one line per change."""
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        await stream.prepare(request)
        version = -1
        while True:
            await self._memory.wait_for_change(15, version)
            version = self._memory.version
            event: dict[str, Any] = {"version": version, "refusals": len(self._memory.refusals)}
            try:
                await stream.write(f"data: {json.dumps(event)}\n\n".encode())
            except (ConnectionResetError, ConnectionError):
                return stream
