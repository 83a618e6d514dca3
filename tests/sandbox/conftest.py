"""The sandbox on a port, with a bot and people in it."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from sandbox.backend import SandboxBackend
from sandbox.telegram.world_store import TelegramStore
from tests.bots.bot_env import free_port, serving_sandbox
from tests.support.sandbox_client import SandboxClient

TOKEN = "7700:token-of-the-sandbox-tests"
ROSA, NINA, BEN, GRETA = 1001, 1002, 1003, 1004
GROUP, ELSEWHERE, FORUM, FARAWAY = -2001, -2002, -1_002_003, -1_002_004


@dataclass
class TelegramSandbox(SandboxClient):
    """A running sandbox: what a bot calls and what a person does."""

    store: TelegramStore
    token: str = TOKEN

    async def call(self, method: str, **payload: Any) -> Any:
        """A call that must be accepted; its result."""
        _, body = await self.ask(method, payload)
        assert body["ok"], body
        return body["result"]

    async def ask(
        self,
        method: str,
        payload: dict[str, Any],
        files: dict[str, bytes] | None = None,
        token: str = "",
    ) -> tuple[int, dict[str, Any]]:
        """A call; the HTTP code and the answer. With files it is multipart."""
        address = f"{self.url}/bot{token or self.token}/{method}"
        sent: dict[str, Any] = {"json": payload}
        if files is not None:
            form = aiohttp.FormData({name: str(value) for name, value in payload.items()})
            for name, content in files.items():
                form.add_field(name, content, filename=f"{name}.pdf", content_type="application/pdf")
            sent = {"data": form}
        async with self.http.post(address, **sent) as answer:
            return answer.status, await answer.json()

    async def add_person(self, number: int, name: str, **more: Any) -> None:
        await self.set_person({"id": number, "first_name": name, **more})

    async def send(self, person: int, text: str | None = None, **more: Any) -> dict[str, Any]:
        body = more | ({"text": text} if text is not None else {})
        return await self.act(person, "send", **body)

    async def send_file(
        self, person: int, name: str, content: bytes, caption: str | None = None
    ) -> dict[str, Any]:
        document = {"name": name, "base64": base64.b64encode(content).decode()}
        return await self.send(person, caption, document=document)

    async def press(self, person: int, message_id: int, button: str) -> dict[str, Any]:
        return await self.act(person, "press", message_id=message_id, button=button)

    async def updates(self, offset: int = 0, **more: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.call("getUpdates", offset=offset, **more)
        return found


async def poll_until(what: Any, seconds: float = 3.0) -> Any:
    """Ask again until there is something."""
    for _ in range(int(seconds / 0.02)):
        found = await what()
        if found:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come")


async def register_bot_and_rosa(sandbox: TelegramSandbox) -> None:
    """A bot, and Rosa who has spoken to it."""
    await sandbox.set_telegram_bot(
        {"token": TOKEN, "username": "parley_bot", "name": "Parley", "domain": "parley.example"}
    )
    await sandbox.add_person(ROSA, "Rosa", language_code="de", started=True)


@pytest.fixture
async def sandbox(tmp_path: Any) -> AsyncIterator[TelegramSandbox]:
    """A fresh one, whose state file is in the test's own folder."""
    port, backend = free_port(), SandboxBackend(tmp_path / "state.json")
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serving_sandbox(backend, port))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        client = TelegramSandbox(f"http://127.0.0.1:{port}", http, backend.telegram)
        await register_bot_and_rosa(client)
        yield client
