"""The table of parts: what runs, after what, with which words, and how it says that it is ready.

    postgres > migrate > api > demo > relay, worker
    redis, sandbox           > demo, telegram, slack                    n8n-setup > n8n

One rule: this is a table; how a part is prepared stands below it, how it is kept alive in stack/supervisor.py.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256
from importlib.util import find_spec

from stack import checks, database, n8n, postgres, redis
from stack.environments import Environments
from stack.files import read_json, write_json
from stack.part import Launch, Life, Part
from stack.plan import Plan
from stack.ports import Hold

_WORKER = ("workers", "--processes", "1", "--threads", "8")


def table(plan: Plan) -> list[Part]:
    """Every part of this installation, in the order in which people read them."""
    env = Environments(plan)
    steady = ("api", "demo", "redis")
    rows = [
        *_servers(plan, env),
        Part(
            name="migrate",
            launch=_python(env.migrate, "migrations.run", "upgrade"),
            after=("postgres",),
            once=True,
        ),
        Part(
            name="api",
            launch=_python(env.api, "api"),
            after=("migrate", "redis"),
            ready=checks.answers(f"{plan.url('api')}/health/ready"),
        ),
        *((_sandbox(plan, env),) if plan.sandbox else ()),
        *((_demo(plan, env),) if plan.options.demo and find_spec("stack.demo.__main__") else ()),
        Part(name="relay", launch=_python(env.relay, "workers.relay"), after=steady, ready=checks.lives(2)),
        Part(
            name="worker",
            launch=_python(env.worker, *_WORKER),
            after=(*steady, "sandbox"),
            ready=checks.either(checks.says("ready for action"), checks.lives(5)),
        ),
        _telegram(plan, env),
        *((_slack(plan, env),) if plan.slack else ()),
        *(_n8n(plan, env) if plan.options.n8n else ()),
    ]
    names = {part.name for part in rows}
    return [replace(part, after=tuple(name for name in part.after if name in names)) for part in rows]


def _python(env: Callable[[], Mapping[str, str]], module: str, *words: str) -> Callable[[], Launch]:
    return lambda: Launch((sys.executable, "-m", module, *words), env())


def _servers(plan: Plan, env: Environments) -> list[Part]:
    own = []
    if not plan.given_database:
        own.append(_postgres(plan, env))
    if not plan.given_redis:
        own.append(_redis(plan, env))
    return own


def _postgres(plan: Plan, env: Environments) -> Part:
    server = postgres.server(plan.paths.var / "postgres")

    async def ready(life: Life) -> bool:
        await database.wait_until_ready(plan.admin_url, 30)
        await database.make_roles(plan.admin_url, plan.secrets)
        await database.make_database(plan.admin_url)
        return True

    return Part(
        name="postgres",
        before=partial(_in_thread, postgres.make_cluster, server, plan.secrets["postgres"]),
        launch=lambda: Launch(server.command(plan.ports["postgres"]), env.server(), server.footing.options),
        ready=ready,
        stop=signal.SIGINT,
    )


def _redis(plan: Plan, env: Environments) -> Part:
    folder = plan.paths.var / "redis"

    async def ready(life: Life) -> bool:
        await redis.wait_until_ready(plan.redis_url, 30)
        return True

    return Part(
        name="redis",
        before=partial(_in_thread, redis.write_settings, folder, plan.ports["redis"], plan.secrets["redis"]),
        launch=lambda: Launch(redis.command(folder), env.server()),
        ready=ready,
    )


async def _in_thread(work: Callable[..., object], *args: object) -> None:
    await asyncio.to_thread(work, *args)


def _sandbox(plan: Plan, env: Environments) -> Part:
    """The stand-in for Telegram and Slack; it is told our bot and our app each time it has started."""
    url = plan.url("sandbox")
    bot = {"token": plan.secrets["TELEGRAM_BOT_TOKEN"], "username": env.bot_username, "name": "Parley"}

    async def ready(life: Life) -> bool:
        if await asyncio.to_thread(checks.status_of, f"{url}/health") != 200:
            return False
        await asyncio.to_thread(checks.fetch, f"{url}/control/bots", bot)
        if plan.slack == "sandbox":
            await asyncio.to_thread(checks.fetch, f"{url}/control/slack/apps", _app(plan))
        return True

    return Part(name="sandbox", launch=_python(env.sandbox, "sandbox"), ready=ready)


def _telegram(plan: Plan, env: Environments) -> Part:
    mode = env.telegram()
    listening = (
        checks.listens(plan.url("telegram")) if mode["TELEGRAM_MODE"] == "webhook" else checks.lives(4)
    )
    return Part(
        name="telegram",
        launch=_python(env.telegram, "bots.telegram"),
        after=("sandbox",),  # what it needs of the api it asks when somebody speaks
        ready=listening,
    )


def _app(plan: Plan) -> dict[str, object]:
    """Our app as the sandbox's workspace knows it."""
    heard = f"{plan.url('slack')}/slack/events"
    return {
        "app_id": "A0PARLEY",
        "team_id": "T0NORTHWIND",
        "bot_user": "U0PARLEY",
        "name": "Parley",
        "bot_token": plan.secrets["SLACK_BOT_TOKEN"],
        "signing_secret": plan.secrets["SLACK_SIGNING_SECRET"],
        "urls": dict.fromkeys(("events", "commands", "interactions", "options"), heard),
    }


def _slack(plan: Plan, env: Environments) -> Part:
    """The Slack app; in Socket Mode too it has a server, for health and the install page."""
    return Part(
        name="slack",
        launch=_python(env.slack, "bots.slack"),
        after=("sandbox", "api"),  # it tells the api whose token it has
        ready=checks.listens(plan.url("slack")),
        required=plan.slack == "sandbox",
    )


def _demo(plan: Plan, env: Environments) -> Part:
    """Fill the demo company, once per database; asked again when the sandbox has forgotten its people."""
    stamp = plan.paths.run / "demo.json"
    seeded = {"database": sha256(plan.databases.app.encode()).hexdigest()}

    async def skip() -> bool:
        if read_json(stamp) != seeded:
            return False
        return not plan.sandbox or bool(
            await asyncio.to_thread(checks.fetch, f"{plan.url('sandbox')}/control/people")
        )

    def remember(done: bool) -> None:
        if done:
            write_json(stamp, seeded)

    return Part(
        name="demo",
        launch=_python(env.demo, "stack.demo"),
        after=("migrate", "redis", "sandbox", "api"),
        once=True,
        skip=skip,
        tell=remember,
    )


def _n8n(plan: Plan, env: Environments) -> list[Part]:
    """n8n is a guest: installed and prepared in the background, nobody waits for it."""
    port, url, ready_file = plan.ports["n8n"], plan.url("n8n"), plan.paths.n8n_ready

    hold = Hold(port)
    setup = _python(env.n8n_setup, "stack.n8n_setup")

    def set_up() -> Launch:
        hold.take()
        return setup()

    def launch() -> Launch:
        hold.release()
        guest = n8n.environment(plan.paths, port, plan.secrets["N8N_HOOK_SECRET"], plan.url("api"))
        return Launch(n8n.command(plan.paths, port), env.marked(guest))

    async def ready(life: Life) -> bool:
        return await asyncio.to_thread(n8n.ready, url)

    def tell(up: bool) -> None:
        if up:
            ready_file.write_text(f"{url}\n", encoding="utf-8")
        else:
            ready_file.unlink(missing_ok=True)

    return [
        Part(name="n8n-setup", launch=set_up, once=True, required=False),
        Part(
            name="n8n",
            launch=launch,
            after=("n8n-setup",),
            ready=ready,
            required=False,
            watch=5,
            tell=tell,
        ),
    ]
