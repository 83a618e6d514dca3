"""The environment of a bot test: the real API, the real sandbox and a bot, each on its own port, in this process.

    user = await bot_env.a_user(person)      a person with a chat: say, press, drop, sees
    await bot_env.card(user, kind, id)       a card, posted as the cards subscriber posts it
    @BOTH                                    the test runs on Telegram and on Slack

One rule: a test asserts what a person sees, or what the API says afterwards. What the platforms have in common is
here; what only one of them has is in telegram_env.py and slack_env.py.
"""

import asyncio
import base64
import contextlib
import html
import itertools
import os
import re
import socket
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import aiohttp
import pytest
import uvicorn
from aiohttp import web
from pydantic import BaseModel

from api.contract import endpoints as e
from bots.cards.card import Card
from bots.cards.drawing import CardKind, draw
from bots.cards.sending import Outbound, RetryLater
from bots.cards.viewer import Viewer
from core.people.model import Person
from sandbox.__main__ import make_app
from sandbox.backend import SandboxBackend
from stack.ports import PortClaims
from tests.support.api import Api
from tests.support.sandbox_client import Json, SandboxClient

TIMEOUT_SECONDS = 20.0
ENDPOINTS: dict[CardKind, e.Endpoint[Any, Any]] = {
    CardKind.request: e.show_request,
    CardKind.officer_request: e.show_request,
    CardKind.vendor_rfq: e.show_rfq,
    CardKind.comparison: e.comparison,
    CardKind.approval: e.show_approval,
    CardKind.order: e.show_order,
    CardKind.vendor_order: e.show_order,
    CardKind.finding: e.show_finding,
}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
BOTH = pytest.mark.parametrize("bot_env", ["telegram", "slack"], indirect=True)
ids = itertools.count(5001)


_LINE = os.environ.get("PYTEST_XDIST_WORKER", "gw2").removeprefix("gw")
_PORTS = itertools.cycle(range(20_000 + int(_LINE) % 3 * 4_000, 24_000 + int(_LINE) % 3 * 4_000))
"""Below the ports that the system gives to connections; the workers of one test run have a range each."""
_claims: deque[PortClaims] = deque()
MAX_CLAIMS = 64
"""More than one test takes; the older ones are given back, or the open sockets would run out."""


def free_port() -> int:
    """A port that no other test run on this machine gets meanwhile, whether or not anything listens there yet."""
    for port in _PORTS:
        claims = PortClaims()
        if claims.claim(port):
            _claims.append(claims)
            break
    if len(_claims) > MAX_CLAIMS:
        _claims.popleft().release()
    return port


class EmbeddedServer(uvicorn.Server):
    """A server that handles no signals and stops at once."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.stop = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.stop.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        while self.server_state.tasks:
            await asyncio.sleep(0.01)


@dataclass
class ChatUser:
    """One person with a chat."""

    bot_env: "BotEnv"
    id: int | str
    person: Person

    async def _do(self, what: str, body: Json | None = None) -> Json:
        return await self.bot_env.sandbox.act(self.id, what, **(body or {}))

    async def say(self, text: str, reply_to: int | str | None = None) -> Json:
        return await self._do("send", {"text": text} | ({"reply_to": reply_to} if reply_to else {}))

    async def drop(
        self,
        name: str,
        content: bytes,
        caption: str = "",
        reply_to: int | str | None = None,
        *,
        album: str | None = None,
    ) -> Json:
        """Send a file; those that are chosen together share an ``album``."""
        body: Json = {"document": {"name": name, "base64": base64.b64encode(content).decode()}}
        body |= {"text": caption} if caption else {}
        body |= {"album": album} if album else {}
        return await self._do("send", body | ({"reply_to": reply_to} if reply_to else {}))

    async def press(self, label: str, message_id: int | str | None = None) -> Json:
        """Press a button of the newest message that has it; the answer's ``text`` is shown to this person only."""
        if message_id is None:
            message_id = (await self.with_button(label))["id"]
        return await self._do("press", {"message_id": message_id, "button": label})

    async def forge(self, message_id: int | str, data: str) -> str:
        """Press a button with other data; what the person is told, wherever it is shown."""
        answer = await self._do("press", {"message_id": message_id, "data": data})
        assert answer["answered"], data
        return str(answer["text"])

    async def look(self) -> Json:
        return await self.bot_env.sandbox.chat(self.id)

    async def chat(self) -> list[Json]:
        return await self.bot_env.sandbox.messages(self.id)

    async def sees(self, words: str) -> Json:
        """Wait for a message of the bot with these words; the newest one."""
        return await self.waits(lambda seen: newest(seen, lambda each: words in each["text"]), words)

    async def with_button(self, label: str) -> Json:
        return await self.waits(lambda seen: newest(seen, lambda each: label in labels(each)), f"[{label}]")

    async def waits(self, look: Callable[[Json], Json | None], wanted: str) -> Json:
        memory, limit = self.bot_env.parts.memory, time.monotonic() + TIMEOUT_SECONDS
        seen: Json = {}
        while time.monotonic() < limit:
            version = memory.version
            seen = await self.look()
            found = look(seen)
            if found is not None:
                return found
            await memory.wait_for_change(0.5, version)
        said = "\n---\n".join(f"{each['text']} {labels(each)}" for each in seen["messages"])
        raise AssertionError(f"{wanted!r} was not seen; the modal is {seen['modal']}; the chat is:\n{said}")


def newest(seen: Json, fits: Callable[[Json], bool]) -> Json | None:
    told = [each for each in seen["messages"] if each["from"] == "bot" and fits(each)]
    return told[-1] if told else None


def labels(message: Json) -> list[str]:
    return [button["text"] for row in message["buttons"] for button in row]


def text_of_html(markup: str) -> str:
    """The text that a person reads where the sandbox shows HTML."""
    return html.unescape(re.sub(r"<[^>]*>", " ", markup))


@dataclass
class BotEnv(ABC):
    """The running API, sandbox and bot, and their addresses."""

    platform: ClassVar[str]

    api: Api
    api_url: str
    sandbox: SandboxClient
    port: int
    http: aiohttp.ClientSession
    parts: SandboxBackend
    outbound: Outbound
    _bot: list[tuple[asyncio.Event, "asyncio.Task[None]"]] = field(default_factory=list)
    _sent: dict[Any, str] = field(default_factory=dict)

    @staticmethod
    @abstractmethod
    def sending(sandbox_url: str) -> Outbound:
        """An outbound client beside the bot, as a worker has."""

    @property
    @abstractmethod
    def hook_url(self) -> str:
        """Where the platform posts what people do."""

    @abstractmethod
    async def register(self) -> None:
        """Make the bot known to the platform."""

    @abstractmethod
    def chat_user(self, person: Person) -> tuple[ChatUser, Json]:
        """A user for this person, and what the platform must know about the account."""

    @abstractmethod
    def chat_of(self, user: ChatUser) -> str:
        """The user's chat, as Outbound names it."""

    @abstractmethod
    def seen_as(self, message_id: str) -> Any:
        """The id that the chat shows, from the id that sending returned."""

    @property
    @abstractmethod
    def pending_updates(self) -> int:
        """How many updates have not reached the bot yet."""

    @abstractmethod
    def running(self, stop: asyncio.Event, **more: Any) -> "asyncio.Task[None]":
        """The bot, started; ``more`` are settings of this platform."""

    async def set_fault(self, kind: str, **more: Any) -> None:
        """This platform's server fails in this way from now on."""
        await self.sandbox.set_fault(kind, platform=self.platform, **more)

    async def a_user(
        self, person: Person, *, linked: bool = True, language: str = "en", **traits: Any
    ) -> Any:
        """A person gets a chat, which is linked with a code unless ``linked`` is false."""
        user, body = self.chat_user(person)
        told = {"id": user.id, "first_name": person.name, "language_code": language, **body, **traits}
        await self.sandbox.set_person(told)
        if linked:
            await user.say(f"/start {await self.code(person)}")
            await user.press("Yes, this is me")
            await user.sees("Connected")
        return user

    async def code(self, person: Person) -> str:
        return (await self.api.as_(person).call(e.make_link, {})).code

    async def card(self, user: ChatUser, kind: CardKind, subject: UUID) -> Any:
        """Post a card, drawn with its reader's rights, as the cards subscriber does; the message's id in the chat."""
        card = await self.drawn(user, kind, subject)
        return await self.post(user, card)

    async def drawn(self, user: ChatUser, kind: CardKind, subject: UUID) -> Card:
        mine = self.api.as_(user.person)
        model: BaseModel = await mine.call(ENDPOINTS[kind], path={"id": subject})
        return draw(kind, model, Viewer.of(await mine.call(e.me)))

    async def post(self, user: ChatUser, card: Card) -> Any:
        sent = await self._posted(self.chat_of(user), card)
        self._sent[self.seen_as(sent)] = sent
        return self.seen_as(sent)

    async def _posted(self, chat: str, card: Card) -> str:
        """As a worker does it: later, when the platform takes no more for now."""
        while True:
            try:
                return await self.outbound.post(chat, card)
            except RetryLater as pause:
                await asyncio.sleep(pause.seconds)

    async def redraw(self, user: ChatUser, message_id: Any, kind: CardKind, subject: UUID) -> None:
        """Update a posted card, as the cards subscriber does after each change."""
        shown = await self.drawn(user, kind, subject)
        await self.outbound.edit(self.chat_of(user), self._sent[message_id], shown)

    async def start_bot(self, **more: Any) -> None:
        stop = asyncio.Event()
        self._bot.append((stop, self.running(stop, **more)))
        await self.healthy()

    async def healthy(self, patience: float = 30.0) -> None:
        """Wait until the bot says that it is ready."""
        limit = time.monotonic() + patience
        while time.monotonic() < limit:
            with contextlib.suppress(aiohttp.ClientError):
                async with self.http.get(f"http://127.0.0.1:{self.port}/health") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.01)
        raise AssertionError("the bot did not start")

    async def stop_bot(self) -> None:
        """Stop as after SIGTERM: updates in progress are finished."""
        stop, task = self._bot.pop()
        stop.set()
        await task

    async def settled(self) -> None:
        """Wait until everything that people did has reached the bot."""
        for _ in range(int(TIMEOUT_SECONDS / 0.01)):
            if not self.pending_updates:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"{self.pending_updates} updates were not taken")

    async def expect_refusals(self, *words: str) -> None:
        """Only refusals with these words have happened; they are forgotten, so the test does not fail at its end."""
        refusals = await self.sandbox.refusals()
        assert [each for each in refusals if not any(word in each["description"] for word in words)] == []
        await self.sandbox.clear_refusals()


Kind = TypeVar("Kind", bound=BotEnv)


@contextlib.asynccontextmanager
async def serving_app(app: Any, port: int) -> AsyncIterator[None]:
    """An ASGI application on a port; its lifespan is the caller's."""
    server = EmbeddedServer(uvicorn.Config(app, "127.0.0.1", port, lifespan="off", log_level="warning"))
    task = asyncio.ensure_future(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield
    server.stop.set()
    await task


@contextlib.asynccontextmanager
async def serving_sandbox(parts: SandboxBackend, port: int) -> AsyncIterator[None]:
    """The sandbox on a port."""
    runner = web.AppRunner(make_app(parts), shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    work = asyncio.gather(*parts.background_tasks())
    yield
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    await runner.cleanup()


@contextlib.asynccontextmanager
async def started_env(kind: type[Kind], api: Api, served: Any) -> AsyncIterator[Kind]:
    """Everything on ports of its own; the test fails at its end when the sandbox has refused a call."""
    ports, parts = [free_port() for _ in range(3)], SandboxBackend()
    sandbox_url = f"http://127.0.0.1:{ports[1]}"
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(serving_app(served, ports[0]))
        await stack.enter_async_context(serving_sandbox(parts, ports[1]))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        sandbox = SandboxClient(sandbox_url, http)
        outbound = kind.sending(sandbox_url)
        stack.push_async_callback(outbound.close)
        bot_env = kind(api, f"http://127.0.0.1:{ports[0]}", sandbox, ports[2], http, parts, outbound)
        await bot_env.register()
        await bot_env.start_bot()
        yield bot_env
        await bot_env.stop_bot()
        refusals = await bot_env.sandbox.refusals()
    assert refusals == []
