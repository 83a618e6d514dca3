"""Posts to apps as Slack does: signed, with three seconds to answer, and events again after a failure.

    event        POST json, up to three more times with X-Slack-Retry-Num and -Reason
    command      POST form; the person waits
    interaction  POST form with ``payload``; the person waits

An app with an open socket (sockets.py) receives the same through it.

One rule: an answer after more than three seconds counts as no answer.
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

from sandbox.faults import FaultKind
from sandbox.slack import app_payloads
from sandbox.slack.errors import NOT_REACHED, TIMED_OUT, SlackRefusal
from sandbox.slack.model import Json, SlackApp, SlackEvent
from sandbox.slack.world_store import SlackStore

ACK_DEADLINE_SECONDS = 3.0
RETRY_DELAYS_SECONDS = (0.3, 4.0, 15.0)
"""Slack's own delays are almost none, a minute, five minutes."""
REORDER_DELAY_SECONDS = 0.7
SENT_AFTER_REVOCATION = ("tokens_revoked", "app_uninstalled")
JSON_TYPE, FORM_TYPE = "application/json", "application/x-www-form-urlencoded"
USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


@dataclass(frozen=True)
class AppReply:
    """The app's answer; ``error`` is Slack's name for the failure when there is no valid answer."""

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


class SlackDelivery:
    """Posts to apps, and repeats events that failed."""

    def __init__(self, store: SlackStore) -> None:
        self._store = store
        self._session: aiohttp.ClientSession | None = None

    async def run(self) -> None:
        """Until cancelled: deliver events to apps, independently of each other, as Slack does."""
        started: set[str] = set()
        try:
            async with asyncio.TaskGroup() as tasks:
                while True:
                    version = self._store.version
                    for event in list(self._store.world.events):
                        if event.key not in started:
                            started.add(event.key)
                            tasks.create_task(self._deliver(event))
                    await self._store.wait_for_change(5, version)
        finally:
            if self._session is not None:
                await self._session.close()

    async def queue_event(self, app: SlackApp, event: Json) -> str:
        """Queue an event for the app; doubled or held back when such a fault is set."""
        if not app.urls.events and not self._store.sockets.connected(app):
            return ""
        name = self._store.new_id("Ev")
        body = app_payloads.event_envelope(self._store, app, event, name)
        queued = SlackEvent(id=name, token=app.bot_token, body=body)
        if self._store.faults.applies_to_update(FaultKind.reorder, "slack"):
            queued.not_before = time.time() + REORDER_DELAY_SECONDS
        self._store.world.events.append(queued)
        if self._store.faults.applies_to_update(FaultKind.duplicate, "slack"):
            again = queued.model_copy(
                update={"key": f"{queued.key}-again", "tries": 1, "reason": "http_timeout"}
            )
            self._store.world.events.append(again)
        await self._store.touch()
        return name

    async def _deliver(self, event: SlackEvent) -> None:
        """Deliver one event, until it is accepted or has been tried four times."""
        await asyncio.sleep(max(0.0, event.not_before - time.time()))
        while True:
            app = self._store.world.apps.get(event.token)
            if app is None or (app.revoked and event.body["event"]["type"] not in SENT_AFTER_REVOCATION):
                break
            headers = {}
            if event.tries:
                headers = {"X-Slack-Retry-Num": str(event.tries), "X-Slack-Retry-Reason": event.reason}
            content, url = json.dumps(event.body).encode(), app.urls.events
            if self._store.sockets.connected(app):
                reply = await self._send_by_socket(app, "events_api", event.body, event)
            else:
                reply = await self._post(app, url, content, JSON_TYPE, headers)
            kind = event.body["event"]["type"]
            self._log_delivery(f"event {kind}", event.body, reply)
            if not reply.error or reply.no_retry or event.tries >= len(RETRY_DELAYS_SECONDS):
                break
            event.reason = reply.reason
            await asyncio.sleep(RETRY_DELAYS_SECONDS[event.tries])
            event.tries += 1
        if event in self._store.world.events:
            self._store.world.events.remove(event)
        await self._store.touch()

    async def command(self, app: SlackApp, form: Mapping[str, str]) -> AppReply:
        """A slash command; the person waits."""
        return await self._deliver_and_wait(
            app, app.urls.commands, urlencode(form).encode(), form["command"], dict(form)
        )

    async def interaction(self, app: SlackApp, payload: Json, *, options: bool = False) -> AppReply:
        """A press, a submission or a shortcut; the person waits."""
        url = app.urls.options or app.urls.interactions if options else app.urls.interactions
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return await self._deliver_and_wait(app, url, body, payload["type"], payload)

    async def _deliver_and_wait(
        self, app: SlackApp, url: str, body: bytes, name: str, payload: Json
    ) -> AppReply:
        if self._store.sockets.connected(app):
            kind = "slash_commands" if name.startswith("/") else "interactive"
            reply = await self._send_by_socket(app, kind, payload)
        else:
            reply = await self._post(app, url, body, FORM_TYPE, {})
        self._log_delivery(name, payload, reply)
        if reply.error and reply.reason != "connection_failed":
            self._store.record_refusal(f"acknowledge {name}", SlackRefusal(reply.error), payload)
        if self._store.faults.applies_to_update(FaultKind.duplicate, "slack"):
            await self._post(app, url, body, FORM_TYPE, {})
        await self._store.touch()
        return reply

    def _log_delivery(self, name: str, payload: Json, reply: AppReply) -> None:
        entry = {"method": f"→ {name}", "args": payload, "delivered": True, "status": reply.status}
        self._store.log_call(entry | ({"fault": reply.error} if reply.error else {}))

    async def _send_by_socket(
        self, app: SlackApp, kind: str, payload: Json, event: SlackEvent | None = None
    ) -> AppReply:
        retry = (event.tries, event.reason) if event else (0, "")
        try:
            async with asyncio.timeout(ACK_DEADLINE_SECONDS):
                return AppReply(200, await self._store.sockets.send(app, kind, payload, *retry))
        except TimeoutError:
            return AppReply(error=TIMED_OUT, reason="http_timeout")
        except (ConnectionError, RuntimeError):  # aiohttp's errors for a socket that is closing
            return AppReply(error=NOT_REACHED, reason="connection_failed")

    async def _post(
        self, app: SlackApp, url: str, body: bytes, media_type: str, extra_headers: Mapping[str, str]
    ) -> AppReply:
        if not url:
            return AppReply(error=NOT_REACHED, reason="connection_failed")
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        headers = {
            "Content-Type": media_type,
            "User-Agent": USER_AGENT,
            **self._signature_headers(app, body),
            **extra_headers,
        }
        try:
            async with (
                asyncio.timeout(ACK_DEADLINE_SECONDS),
                self._session.post(url, data=body, headers=headers) as answer,
            ):
                content = await answer.read()
        except TimeoutError:
            return AppReply(error=TIMED_OUT, reason="http_timeout")
        except (aiohttp.ClientError, OSError):
            return AppReply(error=NOT_REACHED, reason="connection_failed")
        no_retry = answer.headers.get("X-Slack-No-Retry") == "1"
        if 200 <= answer.status < 300:
            return AppReply(answer.status, content)
        # From memory: Slack's name for an answer other than 2xx.
        return AppReply(answer.status, content, "http_service_error", "http_error", no_retry)

    def _signature_headers(self, app: SlackApp, body: bytes) -> dict[str, str]:
        """Version v0: a signature over time and body with the signing secret."""
        at = str(int(self._store.memory.now()))
        base = b"v0:" + at.encode() + b":" + body
        digest = hmac.new(app.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}
