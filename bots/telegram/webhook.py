"""The webhook's own server.

One rule: the platform gets its 200 only after the handler has returned, so that what was not done is sent
again; without the secret it gets 401, and nothing is read. An update that cannot be read counts as handled:
otherwise the platform would send it again and again before everything that follows.
"""

import hmac

from aiogram import Bot, Dispatcher
from aiohttp import web

from bots.passed_over import pass_over
from bots.telegram.update_reading import read_update

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_BODY_BYTES = 2_000_000


class WebhookServer:
    """Takes updates for one bot."""

    def __init__(self, secret: str, bot: Bot, dispatcher: Dispatcher) -> None:
        if not secret:
            raise ValueError("a webhook needs a secret")
        self._secret = secret.encode()
        self._bot = bot
        self._dispatcher = dispatcher
        self.registered = False

    async def receive(self, request: web.Request) -> web.Response:
        """One update: 401 without the secret, 200 when it is done or passed over, 500 when it must come again."""
        secret = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(secret, self._secret):
            return web.Response(status=401)
        try:
            update = read_update(self._bot, await request.read())
        except web.HTTPRequestEntityTooLarge:
            pass_over(None, ["too large"])
            return web.Response()
        if update is not None:
            await self._dispatcher.feed_update(self._bot, update)
        return web.Response()

    async def health(self, _: web.Request) -> web.Response:
        """For the supervisor: 200 once Telegram knows where we listen."""
        state = "ok" if self.registered else "starting"
        return web.json_response({"status": state}, status=200 if self.registered else 503)

    def app(self, path: str) -> web.Application:
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        app.router.add_post(path, self.receive)
        app.router.add_get("/health", self.health)
        return app
