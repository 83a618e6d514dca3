"""Socket Mode: an app without an address opens a websocket and receives there what would be posted.

    apps.connections.open   exchanges an app-level token for an address that works once
    → {"type": "hello"}     then an envelope per event, command or interaction
    ← {"envelope_id", "payload"?}

One rule: an envelope that is not acknowledged within three seconds was not accepted, as with HTTP.
"""

import asyncio
import json
import secrets
import uuid
from collections.abc import Mapping

from aiohttp import web

from sandbox.slack.errors import SlackRefusal
from sandbox.slack.model import Json, SlackApp


class SocketConnections:
    """The apps' open connections, by app."""

    def __init__(self) -> None:
        self._tickets: dict[str, str] = {}
        self._open: dict[str, list[web.WebSocketResponse]] = {}
        self._unacknowledged: dict[str, asyncio.Future[Json]] = {}

    def new_ticket_url(self, token: str, apps: Mapping[str, SlackApp], origin: str) -> str:
        """The address to connect to, for an app-level token."""
        if token in apps:
            raise SlackRefusal("not_allowed_token_type")
        app = next((each for each in apps.values() if each.app_token and each.app_token == token), None)
        if app is None:
            raise SlackRefusal("invalid_auth")
        ticket = secrets.token_urlsafe(18)
        self._tickets[ticket] = app.app_id
        return f"{origin.replace('http', 'ws', 1)}/slack/socket/{ticket}"

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        app_id = self._tickets.pop(request.match_info["ticket"], None)
        if app_id is None:
            raise web.HTTPNotFound
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        mine = self._open.setdefault(app_id, [])
        mine.append(socket)
        hello = {"type": "hello", "num_connections": len(mine), "connection_info": {"app_id": app_id}}
        try:
            await socket.send_json(hello)
            async for message in socket:
                self._acknowledge(message.data)
        finally:
            mine.remove(socket)
        return socket

    def _acknowledge(self, raw: object) -> None:
        try:
            acknowledgement = json.loads(str(raw))
        except ValueError:
            return
        pending = (
            self._unacknowledged.get(str(acknowledgement.get("envelope_id")))
            if isinstance(acknowledgement, dict)
            else None
        )
        if pending is not None and not pending.done():
            pending.set_result(acknowledgement)

    def connected(self, app: SlackApp) -> bool:
        return bool(self._open.get(app.app_id))

    async def send(self, app: SlackApp, kind: str, payload: Json, retry: int = 0, reason: str = "") -> bytes:
        """Send one envelope to the newest connection; returns the payload of its acknowledgement."""
        name = str(uuid.uuid4())
        envelope: Json = {"envelope_id": name, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": reason}
        self._unacknowledged[name] = asyncio.get_running_loop().create_future()
        try:
            await self._open[app.app_id][-1].send_json(envelope)
            response = (await self._unacknowledged[name]).get("payload")
        finally:
            del self._unacknowledged[name]
        return json.dumps(response).encode() if response else b""
