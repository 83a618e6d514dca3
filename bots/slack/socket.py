"""Socket Mode, for a first try without a public address, with a watchdog.

One rule: a connection that is silent or cannot say hello is thrown away and made anew; Slack's client alone
has been seen to sit there, connected and deaf.
"""

import asyncio
import contextlib
import time

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bots.slack.door import Door
from bots.slack.settings import SlackSettings

log = structlog.get_logger()

LOOKED_AT = 10.0
SILENT = 60.0


class Socket:
    """One connection at a time, watched."""

    def __init__(self, settings: SlackSettings, app: AsyncApp, door: Door) -> None:
        self._settings = settings
        self._app = app
        self._door = door

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop`` is set."""
        pause = 1.0
        while not stop.is_set():
            handler = self._handler()
            try:
                await handler.connect_async()  # type: ignore[no-untyped-call]
                self._door.ready, pause = True, 1.0
                log.info("slack.ready", mode="socket")
                await self._watched(handler, stop)
            except (SlackApiError, SlackClientError, OSError, TimeoutError) as error:
                log.warning("slack.away", why=repr(error)[:200])
                pause = min(30.0, pause * 2)
            finally:
                self._door.ready = False
                await handler.close_async()  # type: ignore[no-untyped-call]
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)

    def _handler(self) -> AsyncSocketModeHandler:
        token = self._settings.app_token
        assert token is not None
        base = f"{self._settings.api_base.rstrip('/')}/"
        client = AsyncWebClient(token.get_secret_value(), base_url=base)
        return AsyncSocketModeHandler(
            self._app, token.get_secret_value(), web_client=client, ping_interval=10
        )

    async def _watched(self, handler: AsyncSocketModeHandler, stop: asyncio.Event) -> None:
        """Back when we are to stop, or when the other side was silent for a minute."""
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOKED_AT)
            heard = handler.client.last_ping_pong_time
            silent = heard is not None and time.time() - heard > SILENT
            if silent or not await handler.client.is_connected():
                log.warning("slack.silent")
                return
