"""The environment of a test of the Slack app, with what a user can do on Slack only.

await user.modal()     wait for the modal; also fill, shortcut, home, press_in
"""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from pydantic import SecretStr
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bots.slack.app import run
from bots.slack.outbound import SlackOutbound
from bots.slack.settings import SlackSettings
from bots.slack.workspace_tokens import InstalledWorkspace, WorkspaceTokens
from core.people.model import Person
from tests.bots.bot_env import BotEnv, ChatUser, ids, text_of_html
from tests.support.api import BOT_KEY
from tests.support.sandbox_client import Json

TEAM, BOT_USER, APP = "T0NORTHWIND", "U0PARLEY", "A0PARLEY"
TOKEN, SIGNING_SECRET = "xoxb-7700-stage-token-of-the-tests", "a0b1c2d3e4f5061728394a5b6c7d8e9f"


@dataclass
class SlackChatUser(ChatUser):
    """One person of the workspace."""

    async def say(self, text: str, reply_to: int | str | None = None) -> Json:
        """Write to the app; every command is typed after ``/parley``."""
        if text.startswith("/") and not text.startswith("/parley"):
            text = f"/parley {text[1:]}"
        return await super().say(text, reply_to)

    async def forge(self, message_id: int | str, data: str) -> str:
        """A button that asks for a text opens a modal, which shows the answer; it is closed again."""
        told = await super().forge(message_id, data)
        shown = (await self.look())["modal"]
        if shown is None:
            return told
        await self._do("close")
        return f"{told} {text_of_html(shown['html'])}"

    async def press_in(self, place: str, label: str, data: str | None = None, **values: str) -> Json:
        """A button of the modal in front, after filling in these fields, or of the home tab."""
        shown = (await self.look())[place]
        body: Json = {"message_id": shown["view_id"], "button": label} | ({"data": data} if data else {})
        body["values"] = {name.replace("__", ":"): text for name, text in values.items()}
        return await self._do("press", body)

    async def fill(self, **values: str | list[Json]) -> Json:
        """Fill the modal's fields by block id and submit it; ``__`` in a name stands for a colon."""
        return await self._do(
            "submit", {"values": {name.replace("__", ":"): text for name, text in values.items()}}
        )

    async def shortcut(self, name: str, message_id: str | None = None) -> Json:
        return await self._do("shortcut", {"name": name} | ({"message_id": message_id} if message_id else {}))

    async def modal(self, words: str = "") -> Json:
        """Wait for a modal that is no longer loading."""

        def ready(seen: Json) -> Json | None:
            shown: Json | None = seen["modal"]
            if shown is None or "One moment" in shown["html"]:
                return None
            return shown if words in str(shown) else None

        return await self.waits(ready, f"modal {words}")

    async def home(self, words: str = "") -> Json:
        """Open the home tab and wait for it."""
        await self._do("home")
        return await self.waits(
            lambda seen: seen["home"] if seen["home"] and words in seen["home"]["text"] else None,
            f"home {words}",
        )


def signature(body: bytes, at: str, secret: str = SIGNING_SECRET, version: str = "v0") -> str:
    base = version.encode() + b":" + at.encode() + b":" + body
    return f"{version}=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def signed_headers(
    body: bytes, *, is_json: bool, age: float = 0, secret: str = SIGNING_SECRET
) -> dict[str, str]:
    """As Slack's requests have them."""
    at = str(int(time.time() - age))
    return {
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": signature(body, at, secret),
        "Content-Type": "application/json" if is_json else "application/x-www-form-urlencoded",
    }


async def installed_workspace(team_id: str) -> InstalledWorkspace | None:
    """The app's one installation."""
    return InstalledWorkspace(team_id, BOT_USER, TOKEN) if team_id == TEAM else None


@dataclass
class SlackEnv(BotEnv):
    """HTTP mode, as in production."""

    platform: ClassVar[str] = "slack"
    wait: ClassVar[float] = 25.0
    """Long, because the machine may be busy; tests of Slack's three seconds set their own."""

    @staticmethod
    def sending(sandbox_url: str) -> SlackOutbound:
        return SlackOutbound(WorkspaceTokens(installed_workspace), f"{sandbox_url}/slack/api/")

    async def last_posted(self, name: str) -> Json:
        """What Slack sent last of this kind: ``block_actions``, ``event message``, ``/parley``."""
        told: Json = (await self.sandbox.calls(f"→ {name}"))[-1]["args"]
        return told

    async def send(
        self, told: Json, *, age: float = 0, secret: str = SIGNING_SECRET, retry: int = 0
    ) -> tuple[int, str]:
        """Post what Slack would post; the app's answer."""
        if "event" in told:
            body = json.dumps(told).encode()
        else:
            body = urlencode({"payload": json.dumps(told)} if "command" not in told else told).encode()
        headers = signed_headers(body, age=age, secret=secret, is_json="event" in told)
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        async with self.http.post(self.hook_url, data=body, headers=headers) as answer:
            return answer.status, await answer.text()

    async def post_signed(self, body: bytes, *, is_json: bool) -> int:
        """Post anything, signed by Slack; the status."""
        headers = signed_headers(body, is_json=is_json)
        async with self.http.post(self.hook_url, data=body, headers=headers) as answer:
            return answer.status

    @property
    def hook_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/slack/events"

    async def register(self, **more: Any) -> None:
        urls = dict.fromkeys(("events", "commands", "interactions", "options"), self.hook_url)
        body = {
            "app_id": APP,
            "signing_secret": SIGNING_SECRET,
            "bot_token": TOKEN,
            "bot_user": BOT_USER,
            "team_id": TEAM,
            "urls": urls,
            **more,
        }
        await self.sandbox.set_slack_app(body)

    def chat_user(self, person: Person) -> tuple[SlackChatUser, Json]:
        return SlackChatUser(self, f"U{next(ids)}", person), {"team_id": TEAM}

    def chat_of(self, user: ChatUser) -> str:
        return f"{TEAM}:{user.id}"

    def seen_as(self, message_id: str) -> str:
        """A message is known by its time."""
        return message_id.partition(":")[2]

    @property
    def pending_updates(self) -> int:
        return len(self.parts.slack.world.events)

    def running(self, stop: asyncio.Event, wait: float = 0.0, **more: Any) -> "asyncio.Task[None]":
        settings = SlackSettings.model_construct(**{**self.settings(), **more})
        return asyncio.ensure_future(run(settings, stop, wait=wait or self.wait))

    def settings(self) -> dict[str, Any]:
        return {
            "api_url": self.api_url,
            "bot_key": SecretStr(BOT_KEY),
            "signing_secret": SecretStr(SIGNING_SECRET),
            "bot_token": SecretStr(TOKEN),
            "api_base": f"{self.sandbox.url}/slack/api/",
            "port": self.port,
        }


class SlowApi:
    """The API over a bad connection: every answer waits ``seconds``, or is a 503 while ``away`` is true."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.seconds = 0.0
        self.away = False
        self.asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.asked += 1
            began = time.monotonic()
            while time.monotonic() - began < self.seconds:
                await asyncio.sleep(0.02)
        if self.away:
            await Response(status_code=503)(scope, receive, send)
            return
        await self._app(scope, receive, send)
