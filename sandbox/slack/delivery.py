"""Everything that Slack posts to an app: signed, three seconds to answer, events again when they were not taken.

    event        POST json, up to three more times with X-Slack-Retry-Num and -Reason
    command      POST form; the person waits
    interaction  POST form with ``payload``; the person waits

An app that has a socket open (sockets.py) hears the same there.

One rule: an answer that comes later than three seconds counts as none.
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.faults import Kind
from sandbox.slack import payloads
from sandbox.slack.model import App, Event, Json
from sandbox.slack.store import Store
from sandbox.slack.words import NOT_REACHED, TIMED_OUT, Refusal

PATIENCE = 3.0
PAUSES = (0.3, 4.0, 15.0)
"""The real ones are nearly at once, a minute, five minutes."""
HELD = 0.7
LAST_WORDS = ("tokens_revoked", "app_uninstalled")
JSON_TYPE, FORM_TYPE = "application/json", "application/x-www-form-urlencoded"
AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


@dataclass(frozen=True)
class Reply:
    """What the app answered; ``error`` is what Slack calls it when it is no answer."""

    status: int = 0
    body: bytes = b""
    error: str = ""
    reason: str = ""
    no_retry: bool = False

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body) if self.body.strip() else None
        except ValueError:
            return None


class Delivery:
    """Posts to apps, and keeps trying with events."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._session: aiohttp.ClientSession | None = None

    async def run(self) -> None:
        """Until cancelled: take events to apps, each on its own, as Slack does."""
        started: set[str] = set()
        try:
            async with asyncio.TaskGroup() as tasks:
                while True:
                    version = self._store.version
                    for event in list(self._store.world.events):
                        if event.key not in started:
                            started.add(event.key)
                            tasks.create_task(self._take(event))
                    await self._store.until(5, version)
        finally:
            if self._session is not None:
                await self._session.close()

    async def queue(self, app: App, event: Json) -> str:
        """Tell the app of something; doubled or held back when that knob is set."""
        if not app.urls.events and not self._store.sockets.connected(app):
            return ""
        name = self._store.name("Ev")
        body = payloads.envelope(self._store, app, event, name)
        made = Event(id=name, token=app.bot_token, body=body)
        if self._store.faults.update(Kind.reorder, "slack"):
            made.not_before = time.time() + HELD
        self._store.world.events.append(made)
        if self._store.faults.update(Kind.duplicate, "slack"):
            again = made.model_copy(update={"key": f"{made.key}-again", "tries": 1, "reason": "http_timeout"})
            self._store.world.events.append(again)
        await self._store.touch()
        return name

    async def _take(self, event: Event) -> None:
        """One event, until it is taken or was tried four times."""
        await asyncio.sleep(max(0.0, event.not_before - time.time()))
        while True:
            app = self._store.world.apps.get(event.token)
            if app is None or (app.revoked and event.body["event"]["type"] not in LAST_WORDS):
                break
            headers = {}
            if event.tries:
                headers = {"X-Slack-Retry-Num": str(event.tries), "X-Slack-Retry-Reason": event.reason}
            content, url = json.dumps(event.body).encode(), app.urls.events
            if self._store.sockets.connected(app):
                reply = await self._by_socket(app, "events_api", event.body, event)
            else:
                reply = await self._post(app, url, content, JSON_TYPE, headers)
            kind = event.body["event"]["type"]
            self._note(f"event {kind}", event.body, reply)
            if not reply.error or reply.no_retry or event.tries >= len(PAUSES):
                break
            event.reason = reply.reason
            await asyncio.sleep(PAUSES[event.tries])
            event.tries += 1
        if event in self._store.world.events:
            self._store.world.events.remove(event)
        await self._store.touch()

    async def command(self, app: App, form: Mapping[str, str]) -> Reply:
        """A slash command; the person waits."""
        return await self._ask(app, app.urls.commands, urlencode(form).encode(), form["command"], dict(form))

    async def interaction(self, app: App, payload: Json, *, options: bool = False) -> Reply:
        """A press, a submission, a shortcut; the person waits."""
        url = app.urls.options or app.urls.interactions if options else app.urls.interactions
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return await self._ask(app, url, body, payload["type"], payload)

    async def _ask(self, app: App, url: str, body: bytes, name: str, told: Json) -> Reply:
        if self._store.sockets.connected(app):
            kind = "slash_commands" if name.startswith("/") else "interactive"
            reply = await self._by_socket(app, kind, told)
        else:
            reply = await self._post(app, url, body, FORM_TYPE, {})
        self._note(name, told, reply)
        if reply.error and reply.reason != "connection_failed":
            self._store.refuse(f"acknowledge {name}", Refusal(reply.error), told)
        if self._store.faults.update(Kind.duplicate, "slack"):
            await self._post(app, url, body, FORM_TYPE, {})
        await self._store.touch()
        return reply

    def _note(self, name: str, told: Json, reply: Reply) -> None:
        entry = {"method": f"→ {name}", "args": told, "delivered": True, "status": reply.status}
        self._store.note(entry | ({"fault": reply.error} if reply.error else {}))

    async def _by_socket(self, app: App, kind: str, told: Json, event: Event | None = None) -> Reply:
        retry = (event.tries, event.reason) if event else (0, "")
        try:
            async with asyncio.timeout(PATIENCE):
                return Reply(200, await self._store.sockets.send(app, kind, told, *retry))
        except TimeoutError:
            return Reply(error=TIMED_OUT, reason="http_timeout")
        except (ConnectionError, RuntimeError):  # aiohttp's words for a socket that is closing
            return Reply(error=NOT_REACHED, reason="connection_failed")

    async def _post(self, app: App, url: str, body: bytes, media_type: str, more: Mapping[str, str]) -> Reply:
        if not url:
            return Reply(error=NOT_REACHED, reason="connection_failed")
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        headers = {"Content-Type": media_type, "User-Agent": AGENT, **self._signed(app, body), **more}
        try:
            async with (
                asyncio.timeout(PATIENCE),
                self._session.post(url, data=body, headers=headers) as answer,
            ):
                content = await answer.read()
        except TimeoutError:
            return Reply(error=TIMED_OUT, reason="http_timeout")
        except (aiohttp.ClientError, OSError):
            return Reply(error=NOT_REACHED, reason="connection_failed")
        no_retry = answer.headers.get("X-Slack-No-Retry") == "1"
        if 200 <= answer.status < 300:
            return Reply(answer.status, content)
        # From memory: the word for an answer that is no 2xx.
        return Reply(answer.status, content, "http_service_error", "http_error", no_retry)

    def _signed(self, app: App, body: bytes) -> dict[str, str]:
        """v0: the time and the body under the signing secret."""
        at = str(int(self._store.memory.now()))
        base = b"v0:" + at.encode() + b":" + body
        digest = hmac.new(app.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}
