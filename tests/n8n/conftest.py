"""A real n8n on a data folder of its own; the install is shared (PARLEY_N8N_DIR, or the project's var/n8n)."""

import asyncio
import json
import os
import socket
import sqlite3
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from stack.services import n8n
from tests.n8n.sample_events import SECRET, JsonEvent, signed
from tests.n8n.callback_receiver import CallbackReceiver, run_receiver

ROOT = Path(__file__).parents[2]
OWNER = {"email": "ops@example.test", "firstName": "Olive", "lastName": "Ops", "password": "Editor-Pass-2026"}


@dataclass(frozen=True)
class RealPaths:
    root: Path
    var: Path
    __test__ = False


@dataclass
class RealN8n:
    """The running process, and the few things a test or a person does with it."""

    paths: RealPaths
    port: int
    env: dict[str, str]
    log_lines: list[str] = field(default_factory=list)
    measurements: dict[str, float] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.paths.var / "n8n" / "data" / ".n8n" / "database.sqlite"

    def start(self) -> None:
        log = (self.paths.var / "n8n.log").open("ab")
        started = time.monotonic()
        self.process = subprocess.Popen(
            n8n.command(self.paths, self.port), env=self.env, stdout=log, stderr=subprocess.STDOUT
        )
        while not n8n.ready(self.url, every=True):
            assert self.process.poll() is None, (self.paths.var / "n8n.log").read_text()[-2000:]
            assert time.monotonic() - started < 120, "n8n did not become ready"
            time.sleep(0.2)
        self.measurements.setdefault("start", time.monotonic() - started)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(25)

    async def post(self, flow: str, body: JsonEvent, headers: dict[str, str] | None = None) -> int:
        """Deliver an event as Parley does; another set of headers makes it a stranger's."""
        raw, own = signed(body)
        async with (
            aiohttp.ClientSession() as web,
            web.post(f"{self.url}/webhook/parley/{flow}", data=raw, headers=headers or own) as answer,
        ):
            return answer.status

    def executions(self, flow: str) -> dict[str, str]:
        """Each execution of a flow and how it ended, from n8n's own database."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10)) as db:
            asked = "SELECT id, status FROM execution_entity WHERE workflowId = ?"
            return {str(row[0]): row[1] for row in db.execute(asked, (f"parley-{flow}",))}

    async def ended(self, flow: str, execution_id: str, how: str) -> None:
        async with asyncio.timeout(60):
            while self.executions(flow).get(execution_id) != how:
                await asyncio.sleep(0.05)


@dataclass
class Editor:
    """A signed-in person's browser, as far as saving and publishing a flow goes."""

    web: aiohttp.ClientSession
    url: str

    async def change(self, flow: str, field_name: str, value: object) -> None:
        """Set one field of the node 'Settings and wording' and press Publish."""
        at = f"{self.url}/rest/workflows/parley-{flow}"
        found = (await self._ask("GET", at))["data"]
        node = next(node for node in found["nodes"] if node["name"] == "Settings and wording")
        rows = node["parameters"]["assignments"]["assignments"]
        next(row for row in rows if row["name"] == field_name)["value"] = value
        draft = {name: found[name] for name in ("nodes", "connections", "settings", "versionId")}
        saved = (await self._ask("PATCH", at, draft))["data"]
        await self._ask("POST", f"{at}/activate", {"versionId": saved["versionId"]})
        async with asyncio.timeout(60):
            while not await self._live(at, saved["versionId"]):
                await asyncio.sleep(0.05)

    async def _live(self, at: str, version: str) -> bool:
        """Whether n8n shows this version as published; it takes a moment after the button."""
        status = (await self._ask("GET", f"{at}/publication-status"))["data"]
        return bool(status["status"] == "published" and status["liveVersionId"] == version)

    async def _ask(self, method: str, url: str, body: object = None) -> dict[str, Any]:
        async with self.web.request(method, url, json=body) as answer:
            assert answer.status == 200, await answer.text()
            log_lines: dict[str, Any] = await answer.json()
            return log_lines


@pytest.fixture(scope="session")
def real_n8n(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealN8n]:
    os.environ.setdefault("PARLEY_N8N_DIR", str(ROOT / "var" / "n8n"))
    paths = RealPaths(ROOT, tmp_path_factory.mktemp("n8n-var"))
    log_lines: list[str] = []
    began = time.monotonic()
    n8n.install(paths, log_lines.append)
    installed = time.monotonic() - began
    port = _free_port()
    env = n8n.environment(paths, port, SECRET, "http://127.0.0.1:1")
    began = time.monotonic()
    n8n.prepare(paths, env, log_lines.append)
    running = RealN8n(paths, port, env, log_lines)
    running.measurements |= {"install": installed, "prepare": time.monotonic() - began}
    try:
        running.start()
        yield running
    finally:
        running.stop()
        print("\nn8n figures (s): " + json.dumps({name: round(x, 3) for name, x in running.measurements.items()}))


@pytest.fixture(scope="session")
async def editor(real_n8n: RealN8n) -> AsyncIterator[Editor]:
    """The first visit makes the owner's account, as docs/n8n.md tells."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as web:
        async with web.post(f"{real_n8n.url}/rest/owner/setup", json=OWNER) as answer:
            assert answer.status == 200, await answer.text()
        yield Editor(web, real_n8n.url)


@pytest.fixture
async def receiver() -> AsyncIterator[CallbackReceiver]:
    async with run_receiver() as ours:
        yield ours


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
