"""A stage for the Slack app: the real API, the real sandbox and the app, each on its own port, in this process.

    slack.play(person)          a person of the workspace: type, press, fill, drop, see
    slack.card(player, kind)    a card posted as the cards subscriber would post it

One rule: what a test asserts is what a person sees, or what the API says afterwards.
"""

import asyncio
import base64
import contextlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import aiohttp
from pydantic import SecretStr
from starlette.types import ASGIApp, Receive, Scope, Send

from api.contract import endpoints as e
from bots.cards.deck import CardKind, draw
from bots.cards.viewer import Viewer
from bots.slack.app import run
from bots.slack.outbound import Outbound
from bots.slack.settings import SlackSettings
from bots.slack.workspaces import Workspace, Workspaces
from core.identity.model import Person
from sandbox.parts import Parts
from tests.bots.stage import labels
from tests.support.api import BOT_KEY, Api

TEAM, BOT_USER = "T0NORTHWIND", "U0PARLEY"
TOKEN, SIGNING_SECRET = "xoxb-7700-stage-token-of-the-tests", "a0b1c2d3e4f5061728394a5b6c7d8e9f"
PATIENCE = 30.0
ENDPOINTS = {
    CardKind.request: e.show_request,
    CardKind.officer_request: e.show_request,
    CardKind.vendor_rfq: e.show_rfq,
    CardKind.comparison: e.comparison,
    CardKind.approval: e.show_approval,
    CardKind.order: e.show_order,
    CardKind.vendor_order: e.show_order,
}
Json = dict[str, Any]
_ids = itertools.count(5001)


@dataclass
class SlackPlayer:
    """One person of the workspace."""

    stage: "SlackStage"
    id: str
    person: Person

    async def _do(self, what: str, body: Json | None = None) -> Json:
        return await self.stage.control("POST", f"/control/people/{self.id}/{what}", body or {})

    async def say(self, text: str, reply_to: str | None = None) -> Json:
        """Words in the conversation with the app, or a command."""
        return await self._do("send", {"text": text} | ({"reply_to": reply_to} if reply_to else {}))

    async def drop(self, name: str, content: bytes, caption: str = "") -> Json:
        document = {"name": name, "base64": base64.b64encode(content).decode()}
        return await self._do("send", {"document": document} | ({"text": caption} if caption else {}))

    async def press(self, label: str, message_id: str | None = None, data: str | None = None) -> Json:
        """A button of the newest message that has it; ``text`` is what only this person is told."""
        if message_id is None:
            message_id = str((await self.with_button(label))["id"])
        body: Json = {"message_id": message_id, "button": label} | ({"data": data} if data else {})
        return await self._do("press", body)

    async def press_in(self, place: str, label: str) -> Json:
        """A button of the modal in front, or of the home tab."""
        shown = (await self.look())[place]
        return await self._do("press", {"message_id": shown["view_id"], "button": label})

    async def fill(self, **values: str) -> Json:
        """Fill the modal's fields by block and send it; two signs stand for one colon."""
        return await self._do(
            "submit", {"values": {name.replace("__", ":"): text for name, text in values.items()}}
        )

    async def shortcut(self, name: str, message_id: str | None = None) -> Json:
        return await self._do("shortcut", {"name": name} | ({"message_id": message_id} if message_id else {}))

    async def look(self) -> Json:
        return await self.stage.control("GET", f"/control/people/{self.id}/chat")

    async def chat(self) -> list[Json]:
        return list((await self.look())["messages"])

    async def sees(self, words: str) -> Json:
        """Wait for the newest message of the app with these words."""
        return await self._wait(lambda seen: _newest(seen, lambda each: words in each["text"]), words)

    async def with_button(self, label: str) -> Json:
        return await self._wait(lambda seen: _newest(seen, lambda each: label in labels(each)), f"[{label}]")

    async def modal(self, words: str = "") -> Json:
        """Wait for a modal that is no longer loading."""

        def ready(seen: Json) -> Json | None:
            shown: Json | None = seen["modal"]
            if shown is None or "One moment" in shown["html"]:
                return None
            return shown if words in str(shown) else None

        return await self._wait(ready, f"modal {words}")

    async def home(self, words: str = "") -> Json:
        """Open the home tab and wait until it shows these words."""
        await self._do("home")

        def drawn(seen: Json) -> Json | None:
            shown: Json | None = seen["home"]
            return shown if shown is not None and words in shown["text"] else None

        return await self._wait(drawn, f"home {words}")

    async def _wait(self, look: Callable[[Json], Json | None], wanted: str) -> Json:
        seen: Json = {}
        for _ in range(int(PATIENCE / 0.05)):
            seen = await self.look()
            found = look(seen)
            if found is not None:
                return found
            await asyncio.sleep(0.05)
        said = "\n---\n".join(f"{each['text']} {labels(each)}" for each in seen["messages"])
        raise AssertionError(f"{wanted!r} was not seen; the modal is {seen['modal']}; the chat is:\n{said}")


def _newest(seen: Json, fits: Callable[[Json], bool]) -> Json | None:
    told = [each for each in seen["messages"] if each["from"] == "bot" and fits(each)]
    return told[-1] if told else None


@dataclass
class SlackStage:
    """Everything that runs, and its addresses."""

    api: Api
    api_url: str
    sandbox_url: str
    port: int
    http: aiohttp.ClientSession
    parts: Parts
    outbound: Outbound
    _app: list[tuple[asyncio.Event, "asyncio.Task[None]"]] = field(default_factory=list)

    @property
    def events_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/slack/events"

    async def control(self, method: str, path: str, body: Any = None) -> Json:
        async with self.http.request(method, f"{self.sandbox_url}{path}", json=body) as response:
            found: Json = await response.json(content_type=None)
            assert response.status < 300, (response.status, found)
            return found

    async def fault(self, **fault: Any) -> None:
        await self.control("POST", "/control/faults", {"platform": "slack", **fault})

    async def register(self) -> None:
        """Make the app known to the workspace."""
        urls = dict.fromkeys(("events", "commands", "interactions", "options"), self.events_url)
        body = {
            "app_id": "A0PARLEY",
            "signing_secret": SIGNING_SECRET,
            "bot_token": TOKEN,
            "bot_user": BOT_USER,
            "team_id": TEAM,
            "urls": urls,
        }
        await self.control("POST", "/control/slack/apps", body)

    async def play(
        self, person: Person, *, linked: bool = True, language: str = "en", **traits: Any
    ) -> SlackPlayer:
        """A person of the workspace; linked by a code unless said otherwise."""
        player = SlackPlayer(self, f"U{next(_ids)}", person)
        body = {
            "id": player.id,
            "team_id": TEAM,
            "first_name": person.name,
            "language_code": language,
            **traits,
        }
        await self.control("POST", "/control/people", body)
        if linked:
            await player.say(f"/parley start {await self.code(person)}")
            await player.press("Yes, this is me")
            await player.sees("Connected")
        return player

    async def code(self, person: Person) -> str:
        return (await self.api.as_(person).call(e.make_link, {})).code

    async def card(self, player: SlackPlayer, kind: CardKind, subject: UUID) -> str:
        """Post a card as the cards subscriber does; its time, by which the chat knows it."""
        mine = self.api.as_(player.person)
        model = await mine.call(ENDPOINTS[kind], path={"id": subject})
        viewer = Viewer.of(await mine.call(e.me))
        message_id = await self.outbound.post(f"{TEAM}:{player.id}", draw(kind, model, viewer))
        return message_id.partition(":")[2]

    async def start_app(self, wait: float = 25.0, **more: Any) -> None:
        """It may take its time on a busy machine; tests of Slack's three seconds say how much."""
        stop = asyncio.Event()
        given = {
            "api_url": self.api_url,
            "bot_key": SecretStr(BOT_KEY),
            "signing_secret": SecretStr(SIGNING_SECRET),
            "bot_token": SecretStr(TOKEN),
            "api_base": f"{self.sandbox_url}/slack/api/",
            "port": self.port,
            **more,
        }
        settings = SlackSettings.model_construct(**given)
        self._app.append((stop, asyncio.ensure_future(run(settings, stop, wait=wait))))
        for _ in range(200):
            with contextlib.suppress(aiohttp.ClientError):
                async with self.http.get(f"http://127.0.0.1:{self.port}/health") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.05)
        raise AssertionError("the app did not start")

    async def stop_app(self) -> None:
        """As SIGTERM does: what is being worked on is finished."""
        stop, task = self._app.pop()
        stop.set()
        await task

    async def refusals(self) -> list[Any]:
        found: Any = await self.control("GET", "/control/refusals")
        return list(found["refusals"] if isinstance(found, dict) else found)


class Slowed:
    """The API behind a bad line: every answer to the app waits, once this is switched on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.seconds = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await asyncio.sleep(self.seconds)
        await self._app(scope, receive, send)


def known_workspace() -> Workspaces:
    """For sending beside the app, as a worker does."""

    async def look(team_id: str) -> Workspace | None:
        return Workspace(team_id, BOT_USER, TOKEN) if team_id == TEAM else None

    return Workspaces(look)
