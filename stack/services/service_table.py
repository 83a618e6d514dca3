"""The service table: what runs, after what, with which command, and how it is ready.

    postgres > migrate > api, relay, worker
    redis              > relay, worker
    sandbox            > worker, telegram, slack       migrate, sandbox > demo       n8n-setup > n8n
    page-scripts, in the background: nothing waits for it
    demo               > worker, telegram, slack, on a real platform: the demo's chat links must not be there

What one of them only calls now and then it does not wait for: two cores start them side by side.

One rule: this is only a table, with the preparation of each service below; the supervisor keeps them running.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from administration import logins
from migrations.head import HEAD
from stack import http_client
from stack.demo import company
from stack.installation import LocalInstallation
from stack.json_files import read_json, write_json
from stack.ports import HandedSocket, PortReservation
from stack.services import database, n8n, postgres, redis
from stack.services.environments import ServiceEnvironments
from stack.supervisor import readiness
from stack.supervisor.service import LaunchCommand, Service, ServiceRun


def all_services(installation: LocalInstallation) -> list[Service]:
    """Every service of this installation, in the order in which people read them."""
    env = ServiceEnvironments(installation)
    services = [
        *_servers(installation, env),
        Service(
            name="migrate",
            launch=_python(env.migrate, "administration.migrate"),
            after=("postgres",),
            one_shot=True,
            is_done=partial(logins.is_at_revision, installation.databases.owner, HEAD),
        ),
        *_apis(installation, env),
        *((_sandbox(installation, env),) if installation.sandbox else ()),
        *(
            (_demo(installation, env),)
            if _has_demo(installation) and find_spec("stack.demo.__main__")
            else ()
        ),
        Service(
            name="relay",
            launch=_python(env.relay, "workers.relay_process"),
            after=("migrate", "redis"),
            ready=readiness.says_ready,
        ),
        Service(
            name="worker",
            launch=_python(env.worker, "workers"),
            after=("migrate", "redis", "sandbox", *_links_ended(installation)),
            ready=readiness.says_ready,
        ),
        _telegram(installation, env),
        *((_slack(installation, env),) if installation.slack else ()),
        Service(
            name="page-scripts",
            launch=_python(env.page_scripts, "stack.services.page_scripts"),
            one_shot=True,
            required=False,
        ),
        *(_n8n(installation, env) if installation.options.n8n else ()),
    ]
    names = {service.name for service in services}
    return [
        replace(
            service,
            after=tuple(name for name in service.after if name in names),
            uses=tuple(name for name in service.uses if name in names),
        )
        for service in services
    ]


def _python(env: Callable[[], Mapping[str, str]], module: str, *args: str) -> Callable[[], LaunchCommand]:
    return lambda: LaunchCommand((sys.executable, "-m", module, *args), env())


def _servers(installation: LocalInstallation, env: ServiceEnvironments) -> list[Service]:
    embedded = []
    if not installation.uses_own_database:
        embedded.append(_postgres(installation, env))
    if not installation.uses_own_redis:
        embedded.append(_redis(installation, env))
    return embedded


def _postgres(installation: LocalInstallation, env: ServiceEnvironments) -> Service:
    server = postgres.embedded_postgres(installation.paths.var / "postgres")

    async def ready(run: ServiceRun) -> bool:
        await database.wait_until_ready(installation.admin_url, 30)
        await logins.make_roles(installation.admin_url, installation.secrets)
        await logins.make_database(installation.admin_url)
        return True

    return Service(
        name="postgres",
        prepare=partial(_in_thread, postgres.make_cluster, server, installation.secrets["postgres"]),
        launch=lambda: LaunchCommand(
            server.command(installation.ports["postgres"]), env.server(), server.run_as.options
        ),
        ready=ready,
        stop_signal=signal.SIGINT,
    )


def _redis(installation: LocalInstallation, env: ServiceEnvironments) -> Service:
    folder = installation.paths.var / "redis"

    async def ready(run: ServiceRun) -> bool:
        await redis.wait_until_ready(installation.redis_url, 30)
        return True

    return Service(
        name="redis",
        prepare=partial(
            _in_thread,
            redis.write_settings,
            folder,
            installation.ports["redis"],
            installation.secrets["redis"],
        ),
        launch=lambda: LaunchCommand(redis.command(folder), env.server()),
        ready=ready,
    )


def _apis(installation: LocalInstallation, env: ServiceEnvironments) -> list[Service]:
    """``api``, ``api-2`` and so on, all at one socket: while one restarts, callers wait for it or reach another."""
    listening = HandedSocket(installation.ports["api"])

    def launch(number: int) -> LaunchCommand:
        socket = listening.fileno()
        environment = {**env.api(number), "PARLEY_API_SOCKET": str(socket)}
        return LaunchCommand((sys.executable, "-m", "api"), environment, sockets=(socket,))

    healthy = readiness.answers_http(f"{installation.url('api')}/health/ready")
    return [
        Service(
            name="api" if number == 1 else f"api-{number}",
            launch=partial(launch, number),
            after=("migrate",),
            ready=readiness.all_of(readiness.says_ready, healthy),
        )
        for number in range(1, installation.api_processes + 1)
    ]


async def _in_thread(function: Callable[..., object], *args: object) -> None:
    await asyncio.to_thread(function, *args)


def _sandbox(installation: LocalInstallation, env: ServiceEnvironments) -> Service:
    """The stand-in for Telegram and Slack; our bot and our app are registered each time it has started."""
    url = installation.url("sandbox")
    bot = {
        "token": installation.secrets["TELEGRAM_BOT_TOKEN"],
        "username": env.bot_username,
        "name": "Parley",
    }

    async def ready(run: ServiceRun) -> bool:
        if await asyncio.to_thread(http_client.status_of, f"{url}/health") != 200:
            return False
        await asyncio.to_thread(http_client.fetch, f"{url}/control/bots", bot)
        if installation.slack == "sandbox":
            await asyncio.to_thread(http_client.fetch, f"{url}/control/slack/apps", _slack_app(installation))
        return True

    return Service(name="sandbox", launch=_python(env.sandbox, "sandbox"), ready=ready)


def _telegram(installation: LocalInstallation, env: ServiceEnvironments) -> Service:
    return Service(
        name="telegram",
        launch=_python(env.telegram, "bots.telegram"),
        after=("sandbox", *_links_ended(installation)),
        uses=("api",),  # it calls the API only when somebody writes to it
        ready=readiness.says_ready,
    )


def _slack_app(installation: LocalInstallation) -> dict[str, object]:
    """Our app in the sandbox's workspace."""
    events_url = f"{installation.url('slack')}/slack/events"
    return {
        "app_id": "A0PARLEY",
        "team_id": company.TEAM,
        "bot_user": company.BOT_USER,
        "name": "Parley",
        "bot_token": installation.secrets["SLACK_BOT_TOKEN"],
        "signing_secret": installation.secrets["SLACK_SIGNING_SECRET"],
        "urls": dict.fromkeys(("events", "commands", "interactions", "options"), events_url),
    }


def _slack(installation: LocalInstallation, env: ServiceEnvironments) -> Service:
    """The Slack app; even in Socket Mode it has a server, for health and the install page."""
    return Service(
        name="slack",
        launch=_python(env.slack, "bots.slack"),
        after=("sandbox", *_links_ended(installation)),
        uses=("api",),  # it sends the workspace's token to the API, as soon as that answers
        ready=readiness.says_ready,
        required=installation.slack == "sandbox",
    )


def _links_ended(installation: LocalInstallation) -> tuple[str, ...]:
    """What a process that talks to a real platform waits for."""
    return () if installation.sandbox and installation.slack == "sandbox" else ("demo",)


def _demo_stamp(installation: LocalInstallation) -> Path:
    return installation.paths.run / "demo.json"


def _has_demo(installation: LocalInstallation) -> bool:
    """Wanted, or filled before: then its chat links are seen to, whatever is wanted now."""
    return installation.options.demo or _demo_stamp(installation).exists()


def _demo(installation: LocalInstallation, env: ServiceEnvironments) -> Service:
    """Fill the demo company, once per database; again when the sandbox has lost its people.

    Also when other platforms are real than before: there the demo's chat links must not exist.
    """
    stamp = _demo_stamp(installation)
    seeded = {
        "database": sha256(installation.databases.app.encode()).hexdigest(),
        "played": [installation.sandbox, installation.slack == "sandbox"],
        "groups": True,
    }

    async def skip() -> bool:
        if read_json(stamp) != seeded:
            return False
        return not installation.sandbox or bool(
            await asyncio.to_thread(http_client.fetch, f"{installation.url('sandbox')}/control/people")
        )

    def remember(done: bool) -> None:
        if done:
            write_json(stamp, seeded)

    return Service(
        name="demo",
        launch=_python(env.demo, "stack.demo"),
        after=("migrate", "sandbox"),
        one_shot=True,
        is_done=skip,
        on_change=remember,
    )


def _n8n(installation: LocalInstallation, env: ServiceEnvironments) -> list[Service]:
    """n8n is installed and prepared in the background, and no other service waits for it."""
    port, url, ready_file = installation.ports["n8n"], installation.url("n8n"), installation.paths.n8n_ready

    reservation = PortReservation(port)
    setup = _python(env.n8n_setup, "stack.services.n8n_setup")

    def set_up() -> LaunchCommand:
        reservation.reserve()
        return setup()

    def launch() -> LaunchCommand:
        reservation.release()
        environment = n8n.environment(
            installation.paths, port, installation.secrets["N8N_HOOK_SECRET"], installation.url("api")
        )
        return LaunchCommand(n8n.command(installation.paths, port), env.with_mark(environment))

    async def ready(run: ServiceRun) -> bool:
        return await asyncio.to_thread(n8n.ready, url)

    def on_change(up: bool) -> None:
        if up:
            ready_file.write_text(f"{url}\n", encoding="utf-8")
        else:
            ready_file.unlink(missing_ok=True)

    return [
        Service(name="n8n-setup", launch=set_up, one_shot=True, required=False),
        Service(
            name="n8n",
            launch=launch,
            after=("n8n-setup",),
            ready=ready,
            required=False,
            recheck_seconds=5,
            on_change=on_change,
        ),
    ]
