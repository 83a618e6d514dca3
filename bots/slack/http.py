"""The app's web server: Slack's requests, verified here before Bolt sees them; health; the install page.

One rule: without a valid signature the answer is 401 and the body is not read; an ``ssl_check`` is no exception.
"""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bots.passed_over import pass_over, unreadable_places
from bots.slack.ack_deadline import mark_arrival

MAX_BODY_BYTES = 2_000_000
MAX_AGE_SECONDS = 300
PATH = "/slack/events"
_TIME = re.compile(r"[0-9]{9,11}", re.ASCII)


def is_signed(secret: str, headers: "web.BaseRequest | dict[str, str]", body: bytes, now: float) -> bool:
    """Slack's v0: the time and the body under the signing secret, not older than five minutes, nor newer."""
    original = headers if isinstance(headers, dict) else dict(headers.headers)
    lowered = {name.lower(): value for name, value in original.items()}
    at, signature = lowered.get("x-slack-request-timestamp", ""), lowered.get("x-slack-signature", "")
    if not _TIME.fullmatch(at) or abs(now - int(at)) > MAX_AGE_SECONDS:
        return False
    base = b"v0:" + at.encode() + b":" + body
    expected = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogateescape"))


class HttpReceiver:
    """Takes Slack's requests for one app; what Bolt cannot read is passed over."""

    def __init__(self, secret: str, app: AsyncApp, clock: Callable[[], dt.datetime]) -> None:
        if not secret:
            raise ValueError("Slack's requests need a signing secret")
        self._secret = secret
        self._app = app
        self._clock = clock
        self.ready = False

    async def receive(self, request: web.Request) -> web.Response:
        """One request: 401 without a good signature; else what its listener acknowledged."""
        mark_arrival()
        body = await request.read()
        if not is_signed(self._secret, request, body, self._clock().timestamp()):
            return web.Response(status=401, text="not signed by Slack")
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return web.Response(status=400)
        try:
            bolt = AsyncBoltRequest(body=text, query=request.query_string, headers=dict(request.headers))
            return await to_aiohttp_response(await self._app.async_dispatch(bolt))
        except Exception as error:  # noqa: BLE001 - the outermost handler: only what Bolt itself cannot read gets here
            pass_over(None, unreadable_places(error))
            return web.Response()

    async def health(self, _: web.Request) -> web.Response:
        """For the supervisor: 200 once the app is ready."""
        state = "ok" if self.ready else "starting"
        return web.json_response({"status": state}, status=200 if self.ready else 503)

    def app(self) -> web.Application:
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        app.router.add_post(PATH, self.receive)
        app.router.add_get("/health", self.health)
        return app
