"""A whole installation for journeys: started by ``./parley up`` in a folder of its own, seen from outside.

    installation.up()                          all services, n8n too if asked
    installation.restart("worker")             SIGTERM, then wait until its successor is ready
    await installation.run_cycle("Laptop")     one purchase, as tests/journeys/cycle.yaml describes it
    await installation.get("auditor", "/audit/verify")

One rule: no code of the running services is imported; a journey sees what a person with a terminal sees.
"""

import asyncio
import datetime as dt
import json
import os
import re
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from sandbox import scenario
from sandbox.player import PlayedPerson
from sandbox.scenario import Cast, Hook, Transcript
from stack.paths import Paths
from stack.prove.live_services import LiveServices
from tests.support.sandbox_client import Json, SandboxClient

ROOT = Path(__file__).parents[2]
CYCLE = Path(__file__).with_name("cycle.yaml")
PATIENCE_SECONDS = 180.0
"""A machine that is busy with other tests is no failure; what is waited for comes within seconds otherwise."""
NORMALISED_NOTICE = "notice about <rfq>"
_NOTICES = re.compile(
    "has sent a quote for|sent a quote for|asks you to quote|invited to quote|eingeladen, zu|bittet Sie um"
)
FLOWS = ("quote-submitted", "rfq-sent", "order-generated", "approval-overdue", "approval-opened")


@dataclass
class RunningInstallation:
    """One installation and its addresses."""

    var: Path
    n8n: bool
    tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    # ---- the command line

    def cli(self, *args: str, timeout: float = 300.0) -> str:
        """What ``./parley`` prints; a failure shows its own words."""
        done = subprocess.run(
            [sys.executable, "-m", "stack", *args],
            cwd=ROOT,
            env=os.environ | {"PARLEY_VAR": str(self.var), "PARLEY_N8N_DIR": str(_n8n_folder())},
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        assert done.returncode == 0, f"parley {' '.join(args)}: {done.stdout}{done.stderr}"
        return done.stdout

    def up(self) -> None:
        self.cli("up", *(() if self.n8n else ("--without", "n8n")))
        if self.n8n:
            self.wait_until(lambda: self.services.rows()["n8n"].state == "ready", "n8n is ready", 1500)
        status = self.status()
        self.addresses = {name: status[name] for name in ("api", "sandbox")}

    def down(self) -> None:
        self.cli("down")

    def status(self) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "stack", "status", "--json"],
            cwd=ROOT,
            env=os.environ | {"PARLEY_VAR": str(self.var)},
            capture_output=True,
            text=True,
        )
        result: dict[str, Any] = json.loads(done.stdout)
        return result

    def wait_until(
        self, holds: Callable[[], bool], description: str, timeout: float = PATIENCE_SECONDS
    ) -> None:
        limit = time.monotonic() + timeout
        while not holds():
            assert time.monotonic() < limit, f"not within {timeout:.0f} s: {description}"
            time.sleep(0.2)

    # ---- processes

    @property
    def services(self) -> LiveServices:
        return LiveServices(Paths(ROOT, self.var))

    def restart(self, *names: str, signal_number: signal.Signals = signal.SIGTERM) -> None:
        """End these processes, all at once, and wait until each has a ready successor."""
        before = self.services.end(*names, number=signal_number)
        self.wait_until(lambda: self.services.are_back(before), f"{names} are back")

    def redis_url(self) -> str:
        secrets = json.loads((self.var / "run" / "secrets.json").read_text())
        ports = json.loads((self.var / "run" / "ports.json").read_text())
        return f"redis://:{secrets['redis']}@127.0.0.1:{ports['redis']}/0"

    # ---- the API and the sandbox

    def token(self, role: str) -> str:
        token, until = self.tokens.get(role, ("", 0.0))
        if time.monotonic() > until:
            token = self.cli("token", role).strip()
            self.tokens[role] = (token, time.monotonic() + 480)
        return token

    async def get(self, role: str, path: str, **query: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token(role)}"}
        async with (
            aiohttp.ClientSession() as web,
            web.get(f"{self.addresses['api']}{path}", headers=headers, params=query) as answer,
        ):
            result: dict[str, Any] = await answer.json()
            assert answer.status == 200, result
            return result

    async def put(self, role: str, path: str, body: Json) -> None:
        headers = {"Authorization": f"Bearer {self.token(role)}", "Idempotency-Key": secrets.token_hex(8)}
        async with (
            aiohttp.ClientSession() as web,
            web.put(f"{self.addresses['api']}{path}", headers=headers, json=body) as answer,
        ):
            assert answer.status == 200, await answer.text()

    @asynccontextmanager
    async def sandbox(self) -> AsyncIterator[SandboxClient]:
        """Its sandbox, for as long as the block lasts."""
        async with aiohttp.ClientSession() as http:
            yield SandboxClient(self.addresses["sandbox"], http)

    async def refusals(self) -> list[Json]:
        async with self.sandbox() as sandbox:
            return await sandbox.refusals()

    async def run_cycle(
        self,
        what: str,
        before_each: Hook | None = None,
        hooks: Mapping[str, Hook] | None = None,
        cast: Cast = "telegram",
    ) -> Transcript:
        """The cycle, about a thing that nobody else buys; ``before_each`` runs before every act."""
        loaded = scenario.load(CYCLE)
        if before_each is not None:
            loaded = _with_interruptions(loaded)
        today = dt.datetime.now(dt.UTC).date()  # noqa: TID251
        values = {
            "what": f"{what} {secrets.token_hex(3)}",
            "needed": str(today + dt.timedelta(days=30)),
            "valid": str(today + dt.timedelta(days=60)),
        }
        more = {"interrupt": before_each, "between": before_each} if before_each is not None else {}
        try:
            return await scenario.run(
                loaded, self.addresses["sandbox"], values, {**(hooks or {}), **more}, cast
            )
        finally:
            await self.record_calls()

    async def record_calls(self) -> None:
        """What the bots have called goes to PARLEY_CALLS, where tests.types checks it."""
        folder = os.environ.get("PARLEY_CALLS")
        if folder:
            async with self.sandbox() as sandbox:
                calls = await sandbox.calls()
            path = Path(folder) / f"calls-{secrets.token_hex(4)}.json"
            path.write_text(json.dumps(calls), encoding="utf-8")

    async def timeline(self, number: str) -> list[dict[str, Any]]:
        """Every event of a purchase, as an auditor reads it."""
        found = await self.get("auditor", "/procurement/requests", number=number)
        (request,) = found["items"]
        result = await self.get("auditor", f"/procurement/requests/{request['id']}/timeline")
        items: list[dict[str, Any]] = result["items"]
        return items

    async def bot_messages(self, result: Transcript) -> Counter[tuple[int | str, str]]:
        """Each message of the bots about this purchase, with its numbers taken out: who saw what how often.

        In a group all members see the same message; it is counted once, for the group.
        """
        about = {name: result.values[name] for name in ("request", "rfq", "order", "what")}
        found: dict[tuple[int | str, int | str], str] = {}
        async with self.sandbox() as sandbox:
            seen = [(each["id"], await sandbox.messages(each["id"])) for each in await sandbox.people()]
        for person_id, messages in seen:
            for message in messages:
                if message["from"] == "bot" and any(value in message["text"] for value in about.values()):
                    alone = PlayedPerson("", str(person_id)).has_alone(message["chat_id"])
                    found[person_id if alone else message["chat_id"], message["id"]] = message["text"]
        return Counter((chat, _normalised(text.split("\n")[0], about)) for (chat, _), text in found.items())

    def executions(self, flow: str) -> list[str]:
        """How each execution of a flow ended, from n8n's own database."""
        path = self.var / "n8n" / "data" / ".n8n" / "database.sqlite"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as db:
            query = "SELECT status FROM execution_entity WHERE workflowId = ? ORDER BY id"
            return [str(row[0]) for row in db.execute(query, (f"parley-{flow}",))]


def _with_interruptions(loaded: scenario.Scenario) -> scenario.Scenario:
    """The same story with something happening before every act."""
    steps = []
    for step in loaded.steps:
        if step.acts:
            steps.append(scenario.ScenarioStep(do="interrupt"))
        steps.append(step.model_copy(update={"within": max(step.within, 60.0)}))
    return loaded.model_copy(update={"steps": steps})


def _normalised(text: str, about: Mapping[str, str]) -> str:
    """Without numbers, and the same whether n8n or Parley itself told it."""
    for name, value in about.items():
        text = text.replace(value, f"<{name}>")
    if _NOTICES.search(text):
        return NORMALISED_NOTICE
    return "".join("#" if letter.isdigit() else letter for letter in text)


def _n8n_folder() -> Path:
    return Path(os.environ.get("PARLEY_N8N_DIR") or ROOT / "var" / "n8n")


async def wait_for(holds: Callable[[], Any], description: str, timeout: float = PATIENCE_SECONDS) -> Any:
    """Wait for something true; an awaitable is awaited."""
    limit = time.monotonic() + timeout
    while True:
        found = holds()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return found
        assert time.monotonic() < limit, f"not within {timeout:.0f} s: {description}"
        await asyncio.sleep(0.3)
