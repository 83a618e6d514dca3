"""The Slack app as a process: an HTTP server for Slack's requests, or Socket Mode for a first try.

One rule: on SIGTERM no new update is taken and running ones are finished, within 20 seconds.
"""

import asyncio
import contextlib
import signal

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from api.contract.people import InstallationIn
from api.ready import tell_ready
from bots.client.api import ApiClient
from bots.client.errors import ApiError
from bots.client.reachable import wait_until_reachable
from bots.client.transport import CallMetadata
from bots.dialog.handled_updates import handled_updates
from bots.slack.ack_deadline import WAIT_SECONDS, AckDeadline
from bots.slack.bolt import make_app
from bots.slack.http import HttpReceiver
from bots.slack.install import InstallPages
from bots.slack.outbound import SlackOutbound, reason_of
from bots.slack.processor import UpdateProcessor
from bots.slack.settings import SlackSettings
from bots.slack.socket_mode import SocketModeConnection
from bots.slack.workspace_tokens import (
    FetchWorkspace,
    InstalledWorkspace,
    ReportDeadToken,
    TokensUnavailable,
    WorkspaceTokens,
)
from bots.update_metrics import heard

log = structlog.get_logger()

DRAIN_SECONDS, MAX_PAUSE_SECONDS = 20.0, 5.0


async def serve(settings: SlackSettings) -> None:
    """Until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run(settings, stop)


async def run(settings: SlackSettings, stop: asyncio.Event, *, wait: float = WAIT_SECONDS) -> None:
    """Until ``stop`` is set; also what tests start. ``wait`` is how much of Slack's three seconds we take."""
    async with aiohttp.ClientSession() as session:
        client = ApiClient(settings.api_url, settings.bot_key.get_secret_value(), session)
        workspaces = WorkspaceTokens(fetch_workspace(client), report_dead_token(client))
        outbound = SlackOutbound(workspaces, settings.api_base, rate_limited=False)
        handled = handled_updates("sl:app", settings.redis_url.get_secret_value())
        deadline = AckDeadline(wait)
        processor = UpdateProcessor(client, outbound, handled, deadline)
        secret = settings.signing_secret.get_secret_value()
        app = make_app(processor, workspaces, signing_secret=secret, api_base=settings.api_base)
        try:
            await _listen(
                settings, app, HttpReceiver(secret, app, client.clock.now), workspaces, client, stop
            )
        finally:
            await deadline.drain(DRAIN_SECONDS)
            await handled.close()
            await outbound.close()
            log.info("slack.stopped")


async def _listen(
    settings: SlackSettings,
    app: AsyncApp,
    receiver: HttpReceiver,
    workspaces: WorkspaceTokens,
    client: ApiClient,
    stop: asyncio.Event,
) -> None:
    """The server is there in either mode: for health, and for the install page."""
    served = receiver.app()
    if settings.client_id:
        InstallPages(settings, client, workspaces).add_routes(served)
    runner = web.AppRunner(served, shutdown_timeout=DRAIN_SECONDS, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        if not await _register_workspace(settings, client, workspaces, stop):
            return
        if settings.mode == "socket":
            await SocketModeConnection(settings, app, receiver, DRAIN_SECONDS).run(stop)
            return
        receiver.ready = True
        log.info("slack.ready", mode="http", port=settings.port)
        heard("slack")
        tell_ready()
        await stop.wait()
    finally:
        await runner.cleanup()


def fetch_workspace(client: ApiClient) -> FetchWorkspace:
    """Looking an installation up, with the bot's own rights."""

    async def fetch(team_id: str) -> InstalledWorkspace | None:
        try:
            found = await client.for_bot(CallMetadata(channel="slack")).installations.show(team_id)
        except ApiError as error:
            raise TokensUnavailable from error
        return InstalledWorkspace(team_id, found.bot_user_id, found.bot_token) if found else None

    return fetch


def report_dead_token(client: ApiClient) -> ReportDeadToken:
    """A workspace whose token is dead is an installation that was taken back, unless it has another by now."""

    async def report(team_id: str, token: str) -> None:
        api = client.for_bot(CallMetadata(channel="slack")).installations
        try:
            found = await api.show(team_id)
            if found is not None and found.bot_token == token:
                await api.revoke(team_id)
        except ApiError as error:
            log.warning("slack.not_removed", why=type(error).__name__)
            raise TokensUnavailable from error

    return report


async def _register_workspace(
    settings: SlackSettings, client: ApiClient, workspaces: WorkspaceTokens, stop: asyncio.Event
) -> bool:
    """Save the configured token like an installation, retrying until it works; False when ``stop`` is set first."""
    pause = 0.2
    if settings.bot_token is not None:
        await wait_until_reachable(settings.api_url, stop)
    while settings.bot_token is not None and not stop.is_set():
        try:
            await _save_installation(settings, settings.bot_token.get_secret_value(), client, workspaces)
        except (SlackApiError, SlackClientError, aiohttp.ClientError, TimeoutError, ApiError) as error:
            log.warning("slack.away", why=reason_of(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
            pause = min(MAX_PAUSE_SECONDS, pause * 2)
        else:
            return True
    return not stop.is_set()


async def _save_installation(
    settings: SlackSettings, token: str, client: ApiClient, workspaces: WorkspaceTokens
) -> None:
    """Ask whose token it is and store it through the API, so that workers have it too."""
    identity = await AsyncWebClient(
        token, base_url=f"{settings.api_base.rstrip('/')}/", timeout=10
    ).auth_test()
    team, bot_user = str(identity["team_id"]), str(identity["user_id"])
    body = InstallationIn(
        team_name=str(identity.get("team") or team)[:200], bot_user_id=bot_user, bot_token=token
    )
    await client.for_bot(CallMetadata(channel="slack")).installations.save(team, body)
    workspaces.remember(InstalledWorkspace(team, bot_user, token))
