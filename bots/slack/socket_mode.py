"""Socket Mode, for a first try without a public address, with a watchdog.

One rule: a connection that is silent or cannot be opened is closed and made anew; Slack's own client has been
seen to stay connected and receive nothing.
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
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from api.ready import tell_ready
from bots.background import BackgroundTasks
from bots.passed_over import pass_over, unreadable_places
from bots.slack.ack_deadline import mark_arrival
from bots.slack.http import HttpReceiver
from bots.slack.outbound import reason_of
from bots.slack.settings import SlackSettings
from bots.update_metrics import heard

log = structlog.get_logger()

CHECK_SECONDS, SILENT_SECONDS = 10.0, 60.0
PAUSE_SECONDS, MAX_PAUSE_SECONDS = 1.0, 30.0
CONNECT_SECONDS = 30.0


class NotConnected(Exception):
    """No connection came about."""


class SocketModeConnection:
    """One connection at a time, watched."""

    def __init__(self, settings: SlackSettings, app: AsyncApp, receiver: HttpReceiver, drain: float) -> None:
        self._settings = settings
        self._app = app
        self._receiver = receiver
        self._drain = drain
        self._tasks = BackgroundTasks()

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop`` is set."""
        pause = PAUSE_SECONDS
        while not stop.is_set():
            handler = self._handler()
            try:
                await self._connect(handler, stop)
                pause = PAUSE_SECONDS
                await self._watch(handler, stop)
            except (SlackApiError, SlackClientError, OSError, TimeoutError, NotConnected) as error:
                log.warning("slack.away", why=reason_of(error))
                pause = min(MAX_PAUSE_SECONDS, pause * 2)
            finally:
                self._receiver.ready = False
                await self._disconnect(handler)
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
            mark_arrival()
            await self._tasks.start(_handle(handler, request))

        handler.client.socket_mode_request_listeners[:] = [take]
        return handler

    async def _connect(self, handler: AsyncSocketModeHandler, stop: asyncio.Event) -> None:
        """Slack's client tries for ever without a word; we stop when ``stop`` is set, or after a while."""
        connecting = self._tasks.start(handler.connect_async())  # type: ignore[no-untyped-call]
        stopping = self._tasks.start(stop.wait())
        try:
            await asyncio.wait(
                {connecting, stopping}, timeout=CONNECT_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if not connecting.done():
                raise NotConnected
            connecting.result()
        finally:
            connecting.cancel()
            stopping.cancel()
        self._receiver.ready = True
        log.info("slack.ready", mode="socket")
        heard("slack")
        tell_ready()

    async def _watch(self, handler: AsyncSocketModeHandler, stop: asyncio.Event) -> None:
        """Back when we are to stop, or when the other side was silent for a minute."""
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), CHECK_SECONDS)
            last_heard = handler.client.last_ping_pong_time
            silent = last_heard is not None and time.time() - last_heard > SILENT_SECONDS
            if silent or not await handler.client.is_connected():
                log.warning("slack.silent")
                return

    async def _disconnect(self, handler: AsyncSocketModeHandler) -> None:
        """Nothing new is taken; what was taken is answered before the connection goes."""
        handler.client.socket_mode_request_listeners.clear()
        await self._tasks.drain(self._drain)
        await handler.close_async()  # type: ignore[no-untyped-call]


async def _handle(handler: AsyncSocketModeHandler, request: SocketModeRequest) -> None:
    """What Bolt itself cannot read is acknowledged, or Slack would send it again."""
    try:
        await handler.handle(handler.client, request)
    except (SlackApiError, SlackClientError, OSError, TimeoutError):
        raise
    except Exception as error:  # noqa: BLE001 - the outermost handler: only what Bolt itself cannot read gets here
        pass_over(request.envelope_id, unreadable_places(error))
        await handler.client.send_socket_mode_response(SocketModeResponse(request.envelope_id))
