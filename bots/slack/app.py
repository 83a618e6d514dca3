"""The Slack app as a process: an HTTP server for Slack's requests, or Socket Mode for a first try.

One rule: on SIGTERM nothing new is taken and what is being worked on is finished, within 20 seconds.
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
from bots.client.api import ApiClient
from bots.client.errors import ApiError
from bots.client.wire import Sender
from bots.slack.bolt import make_app
from bots.slack.desk import Desk
from bots.slack.door import Door
from bots.slack.install import Installing
from bots.slack.outbound import Outbound, reason_of
from bots.slack.patience import WAIT, Patience
from bots.slack.settings import SlackSettings
from bots.slack.socket import Socket
from bots.slack.workspaces import Look, Lose, NotNow, Workspace, Workspaces
from bots.talk.done import done_by

log = structlog.get_logger()

DRAIN, LONGEST_PAUSE = 20.0, 5.0


async def serve(settings: SlackSettings) -> None:
    """Until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run(settings, stop)


async def run(settings: SlackSettings, stop: asyncio.Event, *, wait: float = WAIT) -> None:
    """Until ``stop`` is set; also what tests start. ``wait`` is how much of Slack's three seconds we take."""
    async with aiohttp.ClientSession() as session:
        client = ApiClient(settings.api_url, settings.bot_key.get_secret_value(), session)
        workspaces = Workspaces(installed(client), removed(client))
        outbound = Outbound(workspaces, settings.api_base, paced=False)
        done = done_by("sl:app", settings.redis_url.get_secret_value())
        patience = Patience(wait)
        desk = Desk(client, outbound, done, patience)
        secret = settings.signing_secret.get_secret_value()
        app = make_app(desk, workspaces, signing_secret=secret, api_base=settings.api_base)
        try:
            await _listen(settings, app, Door(secret, app), workspaces, client, stop)
        finally:
            await patience.finish(DRAIN)
            await done.close()
            await outbound.close()
            log.info("slack.stopped")


async def _listen(
    settings: SlackSettings,
    app: AsyncApp,
    door: Door,
    workspaces: Workspaces,
    client: ApiClient,
    stop: asyncio.Event,
) -> None:
    """The server is there in either mode: for health, and for the install page."""
    served = door.app()
    if settings.client_id:
        Installing(settings, client, workspaces).routes(served)
    runner = web.AppRunner(served, shutdown_timeout=DRAIN, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        if not await _introduced(settings, client, workspaces, stop):
            return
        if settings.mode == "socket":
            await Socket(settings, app, door, DRAIN).run(stop)
            return
        door.ready = True
        log.info("slack.ready", mode="http", port=settings.port)
        await stop.wait()
    finally:
        await runner.cleanup()


def installed(client: ApiClient) -> Look:
    """Looking an installation up, with the bot's own rights."""

    async def look(team_id: str) -> Workspace | None:
        try:
            found = await client.for_bot(Sender(channel="slack")).installations.show(team_id)
        except ApiError as error:
            raise NotNow from error
        return Workspace(team_id, found.bot_user_id, found.bot_token) if found else None

    return look


def removed(client: ApiClient) -> Lose:
    """A workspace whose token is dead is an installation that was taken back, unless it has another by now."""

    async def lose(team_id: str, token: str) -> None:
        api = client.for_bot(Sender(channel="slack")).installations
        try:
            found = await api.show(team_id)
            if found is not None and found.bot_token == token:
                await api.revoke(team_id)
        except ApiError as error:
            log.warning("slack.not_removed", why=type(error).__name__)
            raise NotNow from error

    return lose


async def _introduced(
    settings: SlackSettings, client: ApiClient, workspaces: Workspaces, stop: asyncio.Event
) -> bool:
    """A token of one workspace is kept like an installation, as often as it takes; False when we are to stop."""
    pause = 0.2
    while settings.bot_token is not None and not stop.is_set():
        try:
            await _keep(settings, settings.bot_token.get_secret_value(), client, workspaces)
        except (SlackApiError, SlackClientError, aiohttp.ClientError, TimeoutError, ApiError) as error:
            log.warning("slack.away", why=reason_of(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
            pause = min(LONGEST_PAUSE, pause * 2)
        else:
            return True
    return not stop.is_set()


async def _keep(settings: SlackSettings, token: str, client: ApiClient, workspaces: Workspaces) -> None:
    """Whose token it is, kept behind the API, so that workers know it too."""
    told = await AsyncWebClient(token, base_url=f"{settings.api_base.rstrip('/')}/", timeout=10).auth_test()
    team, bot_user = str(told["team_id"]), str(told["user_id"])
    body = InstallationIn(
        team_name=str(told.get("team") or team)[:200], bot_user_id=bot_user, bot_token=token
    )
    await client.for_bot(Sender(channel="slack")).installations.keep(team, body)
    workspaces.learn(Workspace(team, bot_user, token))
