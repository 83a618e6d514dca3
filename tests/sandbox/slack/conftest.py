"""A workspace in the sandbox, and an app that keeps what it is told and answers as a test says."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from aiohttp import web

from sandbox.backend import SandboxBackend
from sandbox.slack.world_store import SlackStore
from tests.bots.bot_env import free_port, serving_sandbox
from tests.sandbox.conftest import poll_until
from tests.support.sandbox_client import SandboxClient

TOKEN, SECRET, BOT = "xoxb-of-the-sandbox-tests", "signing-secret-of-the-tests", "U0PARLEY"
ROSA, MARA, BEN = "U1001", "U1007", "U1009"
Answer = Callable[[dict[str, Any]], Any]


def no_answer(_: dict[str, Any]) -> Any:
    return None


@dataclass
class ReceivedRequest:
    """One request of Slack's, with its signature checked."""

    kind: str
    body: dict[str, Any]
    headers: dict[str, str]


@dataclass
class FakeSlackApp:
    """An app's own server: events, commands and interactions at one address."""

    received: list[ReceivedRequest] = field(default_factory=list)
    answer: Answer = no_answer
    status: int = 200
    delay_seconds: float = 0.0

    async def handle(self, request: web.Request) -> web.Response:
        raw = await request.read()
        at = request.headers["X-Slack-Request-Timestamp"]
        base = b"v0:" + at.encode() + b":" + raw
        signature = hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
        assert request.headers["X-Slack-Signature"] == f"v0={signature}"
        body = self._body(request, raw)
        kind = body["event"]["type"] if "event" in body else body.get("type") or body["command"]
        self.received.append(ReceivedRequest(kind, body, dict(request.headers)))
        await asyncio.sleep(self.delay_seconds)
        response = self.answer(body)
        if asyncio.iscoroutine(response):
            response = await response
        if response is None:
            return web.Response(status=self.status)
        return web.json_response(response, status=self.status)

    @staticmethod
    def _body(request: web.Request, raw: bytes) -> dict[str, Any]:
        if request.content_type == "application/json":
            result: dict[str, Any] = json.loads(raw)
            return result
        form = {name: values[0] for name, values in parse_qs(raw.decode(), keep_blank_values=True).items()}
        return json.loads(form["payload"]) if "payload" in form else form

    async def wait_for(self, kind: str, count: int = 1) -> ReceivedRequest:
        """What came of this kind, once there are so many."""

        async def look() -> list[ReceivedRequest]:
            found = [each for each in self.received if each.kind == kind]
            return found if len(found) >= count else []

        found: list[ReceivedRequest] = await poll_until(look, 8.0)
        return found[-1]


@dataclass
class SlackSandbox(SandboxClient):
    """A running sandbox: what an app calls and what a person does."""

    store: SlackStore
    app: FakeSlackApp
    backend: SandboxBackend

    async def ask(self, method: str, payload: dict[str, Any], token: str = TOKEN) -> dict[str, Any]:
        """A call by JSON with the token in the header; the answer."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        address = f"{self.url}/slack/api/{method}"
        async with self.http.post(address, json=payload, headers=headers) as answer:
            result: dict[str, Any] = await answer.json()
            return result

    async def call(self, method: str, **payload: Any) -> dict[str, Any]:
        """A call that must be accepted."""
        result = await self.ask(method, payload)
        assert result["ok"], result
        return result


@pytest.fixture
async def workspace(tmp_path: Any) -> AsyncIterator[SlackSandbox]:
    """A fresh one, with an app whose server is this test."""
    port, own, backend, app = (
        free_port(),
        free_port(),
        SandboxBackend(tmp_path / "state.json"),
        FakeSlackApp(),
    )
    server = web.Application()
    server.router.add_post("/slack/events", app.handle)
    async with AsyncExitStack() as stack:
        runner = web.AppRunner(server, shutdown_timeout=1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", own).start()
        await stack.enter_async_context(serving_sandbox(backend, port))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        client = SlackSandbox(f"http://127.0.0.1:{port}", http, backend.slack, app, backend)
        await install_app_and_people(client, f"http://127.0.0.1:{own}/slack/events")
        yield client


async def install_app_and_people(workspace: SlackSandbox, url: str) -> None:
    """The app is installed, Rosa and Mara work here."""
    registered = {
        "app_id": "A0PARLEY",
        "signing_secret": SECRET,
        "bot_token": TOKEN,
        "bot_user": BOT,
        "client_id": "11.22",
        "client_secret": "client-secret",
        "urls": {"events": url, "commands": url, "interactions": url},
    }
    await workspace.set_slack_app(registered)
    for number, name, email in ((ROSA, "Rosa", "rosa@northwind.example"), (MARA, "Mara", "")):
        person = {"id": number, "platform": "slack", "first_name": name, "email": email}
        await workspace.set_person(person)
