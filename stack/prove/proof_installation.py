"""The installation that proofs are run on: its own, in ``var/prove``, made anew each time, with a receiver for n8n.

One rule: the installation of the people who work with this clone is never touched, and nothing of an earlier run is
left that could pass for the outcome of this one.
"""

import asyncio
import contextlib
import datetime as dt
import math
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import asyncpg

from core.db.connection import DATABASE_ERRORS
from core.kernel.clock import SystemClock
from stack import installation, ports
from stack.bench.bench_installation import (
    OWN_VARIABLES,
    BenchInstallation,
    BenchOptions,
    SqlConnection,
    run_stack,
    superuser_url,
)
from stack.bench.crew import Crew, Member, gather_crew
from stack.bench.purchase_calls import bench_session
from stack.demo import company
from stack.errors import StackError
from stack.installation import LocalInstallation
from stack.paths import Paths
from stack.prove.faulty_receiver import FaultyReceiver, listen
from stack.prove.live_services import LiveServices, until
from stack.prove.progress import say
from stack.prove.proof_calls import ProofCalls

_OPEN = """
SELECT (SELECT count(*) FROM deliveries WHERE state IN ('due', 'running'))
     + (SELECT count(*) FROM audit_events WHERE position IS NULL)
"""
_TRY_NOW = (
    "UPDATE deliveries SET due_at = now() WHERE state = 'due' AND due_at > now() AND last_error IS NOT NULL"
)
_CHATS = "SELECT p.id, c.external_id FROM people p JOIN chat_identities c ON c.person_id = p.id AND c.platform = $1"


@dataclass
class ProofInstallation:
    """The running installation, who acts on it, and how it is looked at and disturbed."""

    installed: LocalInstallation
    options: BenchOptions
    services: LiveServices
    receiver: FaultyReceiver
    chance: random.Random
    short: bool
    web: aiohttp.ClientSession
    crew: Crew = field(init=False)

    @property
    def paths(self) -> Paths:
        return self.installed.paths

    @property
    def database_url(self) -> str:
        return superuser_url(self.installed)

    @property
    def calls(self) -> ProofCalls:
        return ProofCalls(self.web, self.installed.url("api"))

    @contextlib.asynccontextmanager
    async def connection(self, url: str = "") -> AsyncIterator[SqlConnection]:
        """A connection of its own, because proofs kill the server; the superuser's unless another is named."""
        connection = await asyncpg.connect(url or self.database_url)
        try:
            yield connection
        finally:
            await connection.close()

    async def fetch(self, statement: str, *values: object) -> list[Any]:
        async with self.connection() as connection:
            return list(await connection.fetch(statement, *values))

    async def patient_fetch(self, statement: str, *values: object) -> list[Any]:
        """The same while the server may be away."""
        found: list[Any] = []

        async def answered() -> bool:
            nonlocal found
            try:
                found = await self.fetch(statement, *values)
            except DATABASE_ERRORS:
                return False
            return True

        await until(answered, "PostgreSQL to answer", 120)
        return found

    async def renew(self, member: Member) -> None:
        """A new token for somebody, as soon as the api is there to give it."""

        async def renewed() -> bool:
            try:
                member.token = await asyncio.to_thread(self.crew.tokens.exchange, member.chat)
            except OSError:
                return False
            return True

        await until(renewed, "the api to answer", 120)

    async def renew_all(self) -> None:
        """New tokens for the whole crew."""
        self.crew.renewed_at = -math.inf
        await asyncio.to_thread(self.crew.renew)

    async def value(self, statement: str, *values: object) -> Any:
        async with self.connection() as connection:
            return await connection.fetchval(statement, *values)

    async def quiet(self, most_seconds: float = 180, *, hurry: bool = True) -> float:
        """Until every event is sealed and every delivery has ended; the seconds it took.

        With ``hurry``, what waits for its next try is tried at once.
        """

        async def done() -> bool:
            try:
                if hurry:
                    await self.value(_TRY_NOW)
                return int(await self.value(_OPEN)) == 0
            except DATABASE_ERRORS:
                return False

        return await until(done, "every event to be delivered", most_seconds)

    def token_of(self, key: str) -> str:
        """A new token of a person of the demo, by their key: ``admin``, ``manager``, ``requester`` …"""
        person = next(one for one in company.PEOPLE if one.key == key)
        return self.crew.tokens.exchange(str(person.telegram))

    async def chats(self, platform: str) -> dict[UUID, str]:
        """Everybody's account on a platform as the sandbox knows it, by the person."""
        rows = await self.fetch(_CHATS, platform)
        return {row["id"]: row["external_id"].rpartition(":")[2] for row in rows}

    def a_day(self, ahead: int) -> str:
        """The day so many days from now, as the API takes it."""
        return (SystemClock().now().date() + dt.timedelta(days=ahead)).isoformat()

    async def printed(self, *words: str) -> str:
        """What one of ``./parley``'s own commands prints, whatever its exit code."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "stack", *words),
            cwd=self.paths.root,
            env=os.environ | self.options.variables() | {"PARLEY_VAR": str(self.paths.var)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        return (await process.communicate())[0].decode()

    async def stack(self, *words: str) -> None:
        """One of ``./parley``'s own commands for this installation."""
        await asyncio.to_thread(run_stack, self.paths, self.options, *words)


@contextlib.asynccontextmanager
async def running(paths: Paths, seed: int, *, short: bool) -> AsyncIterator[ProofInstallation]:
    """The installation, started empty and stopped afterwards."""
    own_variables = [name for name in OWN_VARIABLES if os.environ.get(name)]
    if own_variables:
        raise StackError(f"proofs bring their own servers: type 'unset {' '.join(own_variables)}'")
    own = Paths(paths.root, paths.var / "prove")
    receiver, port = FaultyReceiver(random.Random(seed)), ports.find_free()
    options = BenchOptions(receiver=True, receiver_port=port)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback((await listen(receiver, port)).cleanup)
        own.make()
        await asyncio.to_thread(run_stack, own, options, "reset", "--yes")
        say(f"starting its own installation in {_shown(own.var, paths.root)}")
        began = time.monotonic()
        stack.push_async_callback(asyncio.to_thread, run_stack, own, options, "down")
        await asyncio.to_thread(run_stack, own, options, "up", "--without", "n8n")
        web = await stack.enter_async_context(bench_session(60))
        proof = ProofInstallation(
            installation.load(own), options, LiveServices(own), receiver, random.Random(seed), short, web
        )
        proof.crew = await _gathered(proof)
        say(f"it is ready after {time.monotonic() - began:.0f} s")
        yield proof


async def _gathered(proof: ProofInstallation) -> Crew:
    """The bench's crew: people of every role with a chat on both platforms."""
    async with proof.connection() as connection:
        return await gather_crew(BenchInstallation(proof.installed, connection, {}, 0))


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def members(crew: Crew) -> Sequence[Member]:
    """Everybody who acts."""
    return [
        member
        for team in crew.teams
        for member in (team.requester, team.officer, team.manager, *team.vendors)
    ]
