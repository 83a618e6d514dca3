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
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bots.slack.door import Door
from bots.slack.outbound import reason_of
from bots.slack.patience import arrives
from bots.slack.settings import SlackSettings

log = structlog.get_logger()

LOOKED_AT, SILENT = 10.0, 60.0
PAUSE, LONGEST_PAUSE = 1.0, 30.0
CONNECTING = 30.0


class Deaf(Exception):
    """No connection came about."""


class Socket:
    """One connection at a time, watched."""

    def __init__(self, settings: SlackSettings, app: AsyncApp, door: Door, drain: float) -> None:
        self._settings = settings
        self._app = app
        self._door = door
        self._drain = drain
        self._going: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop`` is set."""
        pause = PAUSE
        while not stop.is_set():
            handler = self._handler()
            try:
                await self._connected(handler, stop)
                pause = PAUSE
                await self._watched(handler, stop)
            except (SlackApiError, SlackClientError, OSError, TimeoutError, Deaf) as error:
                log.warning("slack.away", why=reason_of(error))
                pause = min(LONGEST_PAUSE, pause * 2)
            finally:
                self._door.ready = False
                await self._left(handler)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)

    def _handler(self) -> AsyncSocketModeHandler:
        token = self._settings.app_token
        assert token is not None
        base = f"{self._settings.api_base.rstrip('/')}/"
        client = AsyncWebClient(token.get_secret_value(), base_url=base)
        handler = AsyncSocketModeHandler(
            self._app, token.get_secret_value(), web_client=client, ping_interval=10
        )

        async def take(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
            arrives()
            task = asyncio.ensure_future(handler.handle(handler.client, request))
            self._going.add(task)
            task.add_done_callback(self._going.discard)
            await task

        handler.client.socket_mode_request_listeners[:] = [take]
        return handler

    async def _connected(self, handler: AsyncSocketModeHandler, stop: asyncio.Event) -> None:
        """Slack's client tries for ever and says nothing; we stop when we are told to, or after a while."""
        connecting = asyncio.ensure_future(handler.connect_async())  # type: ignore[no-untyped-call]
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait(
                {connecting, stopping}, timeout=CONNECTING, return_when=asyncio.FIRST_COMPLETED
            )
            if not connecting.done():
                raise Deaf
            connecting.result()
        finally:
            connecting.cancel()
            stopping.cancel()
        self._door.ready = True
        log.info("slack.ready", mode="socket")

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

    async def _left(self, handler: AsyncSocketModeHandler) -> None:
        """Nothing new is taken; what was taken is answered before the connection goes."""
        handler.client.socket_mode_request_listeners.clear()
        if self._going:
            await asyncio.wait(set(self._going), timeout=self._drain)
        await handler.close_async()  # type: ignore[no-untyped-call]
