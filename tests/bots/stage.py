"""A stage for the bot: the real API, the real sandbox and the bot, each on its own port, in this process.

    stage.play(person)          a person at a telephone: say, press, drop, see
    stage.card(player, kind)    a card posted as the cards subscriber would post it

One rule: what a test asserts is what a person sees, or what the API says afterwards.
"""

import asyncio
import base64
import contextlib
import itertools
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import aiohttp
import uvicorn
from aiohttp import web
from pydantic import SecretStr

from api.contract import endpoints as e
from bots.cards.deck import CardKind, draw
from bots.cards.viewer import Viewer
from bots.telegram.app import run
from bots.telegram.outbound import Outbound
from bots.telegram.settings import BotSettings
from core.identity.model import Person
from sandbox.__main__ import make_app
from sandbox.parts import Parts
from sandbox.telegram.store import Store
from tests.support.api import BOT_KEY, Api

TOKEN = "7700:stage-token-of-the-tests"
SECRET = "a-secret-of-the-tests-0123456789"
PATIENCE = 8.0
_ids = itertools.count(5001)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Quiet(uvicorn.Server):
    """A server that leaves the test run's signals alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


@dataclass
class Player:
    """One person with a telephone."""

    stage: "Stage"
    id: int
    person: Person
    seen: int = 0

    async def say(self, text: str, reply_to: int | None = None) -> None:
        body = {"text": text} | ({"reply_to": reply_to} if reply_to else {})
        await self.stage.control("POST", f"/control/people/{self.id}/send", body)

    async def drop(self, name: str, content: bytes, caption: str = "") -> None:
        document = {"name": name, "base64": base64.b64encode(content).decode()}
        body = {"document": document} | ({"text": caption} if caption else {})
        await self.stage.control("POST", f"/control/people/{self.id}/send", body)

    async def press(self, label: str, message_id: int | None = None) -> dict[str, Any]:
        """Press a button of the newest message that has it; the answer under the spinner."""
        if message_id is None:
            message_id = (await self.with_button(label))["id"]
        body = {"message_id": message_id, "button": label}
        return await self.stage.control("POST", f"/control/people/{self.id}/press", body)

    async def chat(self) -> list[dict[str, Any]]:
        found = await self.stage.control("GET", f"/control/people/{self.id}/chat")
        messages: list[dict[str, Any]] = found["messages"]
        return messages

    async def sees(self, words: str) -> dict[str, Any]:
        """Wait for the newest message of the bot with these words."""

        async def look() -> dict[str, Any] | None:
            told = [each for each in await self.chat() if each["from"] == "bot" and words in each["text"]]
            return told[-1] if told else None

        return await self._wait(look, words)

    async def with_button(self, label: str) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            told = [each for each in await self.chat() if label in labels(each)]
            return told[-1] if told else None

        return await self._wait(look, f"[{label}]")

    async def _wait(self, look: Any, wanted: str) -> dict[str, Any]:
        for _ in range(int(PATIENCE / 0.05)):
            found: dict[str, Any] | None = await look()
            if found is not None:
                return found
            await asyncio.sleep(0.05)
        said = "\n---\n".join(f"{each['text']} {labels(each)}" for each in await self.chat())
        raise AssertionError(f"{wanted!r} was not seen; the chat is:\n{said}")


def labels(message: dict[str, Any]) -> list[str]:
    return [button["text"] for row in message["buttons"] for button in row]


@dataclass
class Stage:
    """Everything that runs, and its addresses."""

    api: Api
    api_url: str
    sandbox_url: str
    hook_url: str
    hook_port: int
    http: aiohttp.ClientSession
    outbound: Outbound
    store: Store
    _bot: list[tuple[asyncio.Event, "asyncio.Task[None]"]] = field(default_factory=list)

    async def control(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        async with self.http.request(method, f"{self.sandbox_url}{path}", json=body) as response:
            found: dict[str, Any] = await response.json(content_type=None)
            assert response.status < 300, (response.status, found)
            return found

    async def play(self, person: Person, *, linked: bool = True, language: str = "en") -> Player:
        """A person gets a telephone; linked by a code unless said otherwise."""
        player = Player(self, next(_ids), person)
        body = {"id": player.id, "first_name": person.name, "language_code": language}
        await self.control("POST", "/control/people", body)
        if linked:
            await player.say(f"/start {await self.code(person)}")
            await player.press("Yes, this is me")
            await player.sees("Connected")
        return player

    async def code(self, person: Person) -> str:
        return (await self.api.as_(person).call(e.make_link, {})).code

    async def card(self, player: Player, kind: CardKind, subject: UUID) -> int:
        """Post a card as the cards subscriber does: drawn with its reader's rights."""
        mine = self.api.as_(player.person)
        endpoint = {
            CardKind.request: e.show_request,
            CardKind.officer_request: e.show_request,
            CardKind.vendor_rfq: e.show_rfq,
            CardKind.comparison: e.comparison,
            CardKind.approval: e.show_approval,
            CardKind.order: e.show_order,
            CardKind.vendor_order: e.show_order,
        }[kind]
        model = await mine.call(endpoint, path={"id": subject})
        viewer = Viewer.of(await mine.call(e.me))
        return int(await self.outbound.post(str(player.id), draw(kind, model, viewer)))

    async def start_bot(self) -> None:
        stop = asyncio.Event()
        settings = BotSettings.model_construct(
            api_url=self.api_url,
            bot_key=SecretStr(BOT_KEY),
            token=SecretStr(TOKEN),
            api_base=self.sandbox_url,
            mode="webhook",
            webhook_url=self.hook_url,
            webhook_host="127.0.0.1",
            webhook_port=self.hook_port,
            webhook_secret=SecretStr(SECRET),
        )
        self._bot.append((stop, asyncio.ensure_future(run(settings, stop))))
        for _ in range(200):
            with contextlib.suppress(aiohttp.ClientError):
                async with self.http.get(f"http://127.0.0.1:{self.hook_port}/health") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.05)
        raise AssertionError("the bot did not start")

    async def stop_bot(self) -> None:
        """As SIGTERM does: what is being worked on is finished."""
        stop, task = self._bot.pop()
        stop.set()
        await task

    async def refusals(self) -> list[Any]:
        found: Any = await self.control("GET", "/control/refusals")
        return list(found["refusals"] if isinstance(found, dict) else found)


@contextlib.asynccontextmanager
async def serving(app: Any, port: int) -> AsyncIterator[None]:
    """An ASGI application on a port; its lifespan is the caller's."""
    server = Quiet(uvicorn.Config(app, "127.0.0.1", port, lifespan="off", log_level="warning"))
    task = asyncio.ensure_future(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield
    server.should_exit = True
    await task


@contextlib.asynccontextmanager
async def playing(parts: Parts, port: int) -> AsyncIterator[None]:
    """The sandbox on a port."""
    runner = web.AppRunner(make_app(parts), shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    work = asyncio.gather(*parts.work())
    yield
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    await runner.cleanup()
