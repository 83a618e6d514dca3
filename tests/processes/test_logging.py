"""Each of the five processes, started as the stack starts it: whatever goes wrong in it, a line says where, and no
line says what anybody wrote, is called or must keep secret.
"""

import asyncio
import contextlib
import json
import os
import re
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import aiohttp
import pytest

from api import logging
from api.server.signing_keys import load_keys
from sandbox.backend import SandboxBackend
from stack import ports, stored_secrets
from stack.installation import LocalInstallation
from stack.options import Options
from stack.paths import Paths
from stack.services import service_table
from stack.supervisor.launcher import die_with_parent
from stack.supervisor.service import Service, ServiceRun
from tests.bots.bot_env import free_port, serving_sandbox
from tests.processes.planted import OTHER_LOOP, SECRET
from tests.support.postgres import PASSWORDS, Database
from tests.support.redis import PASSWORD
from tests.support.sandbox_client import SandboxClient
from tests.support.world import World

ROOT = Path(__file__).parents[2]
NAME, WORDS = "Quillon Vanterpool", "four hundred lapis lazuli doorknobs"
FAILING = {
    "api": "core.accounts.sessions.password_matches",
    "worker": "core.log.deliveries.claim",
    "relay": "workers.publish.CheckpointPublisher.publish",
    "telegram": "bots.telegram.unpack.origin",
    "slack": "bots.slack.members.MemberDirectory.admit",
}
LEVELS: Mapping[str, tuple[str, set[str]]] = {
    "api": ("info", {"info"}),
    "worker": ("debug", {"debug", "info"}),
    "relay": ("info", {"info"}),
    "telegram": ("warning", set()),
    "slack": ("info", {"info"}),
}
"""What each is told, and what of the two lowest levels it then writes."""
GIVEN = (
    "DATABASE_URL", "REDIS_URL", "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_URL", "TELEGRAM_WEBHOOK_HOST",
    "SLACK_SIGNING_SECRET", "SLACK_HOST", "SLACK_MODE", "BOT_KEY",
)  # fmt: skip
PATIENCE = 50.0
Line = dict[str, Any]


@dataclass
class Process:
    """One of them, and what it has written."""

    name: str
    folder: Path
    running: "subprocess.Popen[bytes]"

    def written(self, stream: str = "stderr") -> str:
        return (self.folder / f"{self.name}.{stream}").read_text(errors="replace")

    def lines(self) -> list[Line]:
        """Every line; one that is no JSON fails here."""
        return [json.loads(line) for line in self.written().splitlines()]

    def has_failed(self) -> bool:
        """Wherever it says so."""
        return "RuntimeError" in self.written() + self.written("stdout")

    def has_ended(self) -> bool:
        return self.running.poll() is not None


def start(part: Service, folder: Path) -> Process:
    """As the supervisor does, with a function that fails."""
    launch = part.launch()
    python, dash, *words = launch.args
    assert dash == "-m"
    with (
        (folder / f"{part.name}.stdout").open("wb") as out,
        (folder / f"{part.name}.stderr").open("wb") as err,
    ):
        running = subprocess.Popen(
            [python, "-m", "tests.processes.planted", FAILING[part.name], *words],
            cwd=ROOT,
            env=dict(launch.env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            pass_fds=launch.sockets,
            start_new_session=True,
            preexec_fn=die_with_parent(),
        )
    return Process(part.name, folder, running)


async def until(holds: Callable[[], bool], process: Process) -> None:
    limit = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < limit, f"{holds} {process.written()}"
        await asyncio.sleep(0.05)


@pytest.fixture
def plan(
    database: Database, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> LocalInstallation:
    """An installation with the sandbox, over the test's own PostgreSQL and Redis."""
    for name in GIVEN:
        monkeypatch.delenv(name, raising=False)
    paths = Paths(ROOT, tmp_path / "var")
    paths.make()
    numbers = {name: free_port() for name in ports.NAMES}
    secrets = stored_secrets.load(paths)
    return LocalInstallation(
        paths, Options(n8n=False, demo=False), numbers, secrets, database.addresses, redis_url
    )


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def processes(
    plan: LocalInstallation, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Mapping[str, Process]]:
    """All five, side by side, on a sandbox that knows the bot and the app; a purchase waits to be delivered."""
    await world.a_request()
    load_keys(plan.paths.keys)
    table = {part.name: part for part in service_table.all_services(plan)}
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(serving_sandbox(SandboxBackend(), plan.ports["sandbox"]))
        await introduced(table["sandbox"], tmp_path)
        started = {}
        for name, (level, _) in LEVELS.items():
            monkeypatch.setenv("PARLEY_LOG_LEVEL", level)
            started[name] = start(table[name], tmp_path)
            stack.callback(started[name].running.wait, 20)
            stack.callback(end, started[name])
        yield started


async def introduced(sandbox: Service, log: Path) -> None:
    """It knows the bot and the app."""
    for _ in range(20):
        with contextlib.suppress(OSError):
            if await sandbox.ready(ServiceRun(log, 0, 0.0)):
                return
    raise AssertionError("the sandbox is not ready")


def end(process: Process) -> None:
    if not process.has_ended():
        os.killpg(process.running.pid, signal.SIGKILL)


async def answers(web: aiohttp.ClientSession, process: Process, url: str) -> None:
    """Wait until it is healthy."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        assert not process.has_ended(), process.written()
        try:
            async with web.get(url) as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientConnectionError:
            pass
        await asyncio.sleep(0.05)
    raise AssertionError(f"{process.name} does not answer: {process.written()}")


async def writes(web: aiohttp.ClientSession, sandbox: str, who: int | str) -> None:
    """Somebody writes to the bot, on the platform that their id is of."""
    first, last = NAME.split()
    person = {"id": who, "first_name": first, "last_name": last, "username": last.lower(), "started": True}
    client = SandboxClient(sandbox, web)
    await client.set_person(person)
    await client.act(who, "send", text=WORDS)


async def provoke(
    web: aiohttp.ClientSession, plan: LocalInstallation, processes: Mapping[str, Process]
) -> None:
    """A real call to each; the relay's turn and the worker's delivery come by themselves."""
    await answers(web, processes["api"], f"{plan.url('api')}/health/live")
    login = {"email": "quillon@vanterpool.example", "password": WORDS}
    async with web.post(f"{plan.url('api')}/auth/login", json=login) as answer:
        assert answer.status == 500
        assert "reference" in await answer.text()
    for name, who in (("telegram", 7001), ("slack", "U7001")):
        await answers(web, processes[name], f"{plan.url(name)}/health")
        await writes(web, plan.url("sandbox"), who)
    for process in processes.values():
        await until(process.has_failed, process)


async def test_an_unforeseen_error_is_told_by_its_type_and_place_in_every_process(
    plan: LocalInstallation, processes: Mapping[str, Process], web: aiohttp.ClientSession
) -> None:
    await provoke(web, plan, processes)
    await until(processes["relay"].has_ended, processes["relay"])
    for process in processes.values():
        if not process.has_ended():
            process.running.send_signal(signal.SIGTERM)
    for process in processes.values():
        await until(process.has_ended, process)
        shown = f"{process.name}:\n{process.written()}"
        assert OTHER_LOOP not in process.written("stdout"), (
            f"{process.name} has an event loop of asyncio's own"
        )
        assert process.written("stdout") == "", shown
        lines = process.lines()
        assert all({"event", "level", "timestamp"} <= line.keys() for line in lines), shown
        failed = [line for line in lines if "RuntimeError" in line.get("error", ())]
        assert failed, shown
        assert all(re.fullmatch(r"planted\.py:\d+ fail", line["places"][-1]) for line in failed), shown
        assert {"debug", "info"} & {line["level"] for line in lines} == LEVELS[process.name][1], shown
        assert [kept for kept in told_to_nobody(plan) if kept in process.written()] == [], shown
    assert processes["relay"].running.returncode == 1
    assert "worker.ready" in processes["worker"].written()


def told_to_nobody(plan: LocalInstallation) -> list[str]:
    """What was planted: in the environment, in the error, in what was written, in who wrote it."""
    database = [password for password in PASSWORDS.values() if password in str(plan.databases)]
    words = [*NAME.split(), *NAME.lower().split(), *WORDS.split()[2:]]
    return [SECRET, PASSWORD, *database, *plan.secrets.values(), *words]


def test_nothing_else_that_a_process_may_say_tells_more(tmp_path: Path) -> None:
    """Records of libraries, warnings, threads, what cannot be raised, and several errors at once."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.processes.loose_ends"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert SECRET not in ended.stderr
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert [(line["event"], line["level"], line.get("error")) for line in lines] == [
        ("library.logged", "warning", None),
        ("library.logged", "warning", None),
        ("library.logged", "error", ["RuntimeError"]),
        ("library.logged", "error", ["OSError"]),
        ("library.logged", "critical", None),
        ("library.logged", "info", None),
        ("own.event", "info", None),
        ("library.warned", "warning", None),
        ("thread.failed", "error", ["RuntimeError"]),
        ("error.unraisable", "error", ["RuntimeError"]),
        ("process.failed", "critical", ["ExceptionGroup", "KeyError"]),
    ]
    assert lines[0]["place"].startswith("loose_ends.py:")
    assert lines[5]["message"] == "Application startup complete."


@pytest.mark.parametrize("level", ["loud", "INFO ", "10"])
def test_a_level_that_there_is_not_ends_the_process_with_one_line(
    level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_LOG_LEVEL", level)
    with pytest.raises(SystemExit) as ended:
        logging.configure()
    assert str(ended.value).count("\n") == 0
    assert "such as PARLEY_LOG_LEVEL=info" in str(ended.value)
    assert level not in str(ended.value).replace("PARLEY_LOG_LEVEL=info", "")


@pytest.mark.filterwarnings("ignore::RuntimeWarning:runpy")
@pytest.mark.parametrize("name", LEVELS)
def test_a_wrong_setting_ends_each_process_and_is_named(
    name: str, plan: LocalInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch = next(part for part in service_table.all_services(plan) if part.name == name).launch()
    variable = "PARLEY_CHAT_KEY" if name in ("relay", "worker") else "BOT_KEY"
    for each, value in {**launch.env, variable: "a-weak-one"}.items():
        monkeypatch.setenv(each, value)
    monkeypatch.setattr(logging, "configure", lambda: None)
    without_aiogram = ModuleType("bots.telegram.app")
    without_aiogram.serve = None  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, without_aiogram.__name__, without_aiogram)
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(launch.args[2], run_name="__main__")
    assert f"{variable}: " in str(ended.value)
    assert "a-weak-one" not in str(ended.value)
