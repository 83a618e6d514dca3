"""The installation that the bench measures: its own, in ``var/bench``, without n8n and without a limit of writes.

One rule: the installation of the people who work with this clone is never touched.

``pg_stat_statements`` is loaded from the beginning and counts only while ``counting`` is on. Worker and relay are held
by SIGSTOP; whoever holds them waits first until nothing is left to do, so that no transaction is held with them.
"""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import asyncpg

from administration import logins
from stack import installation, stored_secrets
from stack.bench import cpu
from stack.bench.progress import say
from stack.bench.receiver import WebhookReceiver, receiving
from stack.errors import StackError
from stack.installation import LocalInstallation
from stack.json_files import read_json, write_json
from stack.paths import Paths
from stack.services import postgres
from stack.supervisor.status_file import read_status

SqlConnection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

RECEIVER_PORT = 8899
PARTS = ("api", "telegram", "slack", "relay", "worker", "postgres", "redis")
"""What a purchase costs is what these use; the sandbox stands for other people's servers."""
BACKGROUND = ("relay", "worker")
SETTLING_SECONDS = 60
SAY_EACH_SECONDS = 5.0
SETTLED_SHARE = 0.4
"""Of one core, for all parts together; idle parts use a sixth."""
_LOADED = """
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.track = none
pg_stat_statements.max = 10000
"""
OWN_VARIABLES = ("DATABASE_URL", "REDIS_URL", "TELEGRAM_BOT_TOKEN", "SLACK_SIGNING_SECRET")
_OPEN_WORK = """
SELECT (SELECT count(*) FROM deliveries WHERE state IN ('due', 'running'))
     + (SELECT count(*) FROM audit_events WHERE position IS NULL)
"""
_OPEN_DELIVERIES = """
SELECT subscriber, count(*) AS number, max(last_error) AS last_error FROM deliveries
WHERE state IN ('due', 'running') GROUP BY subscriber ORDER BY subscriber
"""
_TRY_NOW = "UPDATE deliveries SET due_at = now() WHERE state = 'due' AND due_at > now()"
_CALLS = """
SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
WHERE s.toplevel AND r.rolname LIKE 'parley\\_%'
"""


@dataclass(frozen=True)
class BenchOptions:
    """What a measurement asks of its installation: the filled database, and a receiver in n8n's place."""

    filled: bool = False
    receiver: bool = False
    receiver_port: int = RECEIVER_PORT

    def variables(self) -> dict[str, str]:
        """The receiver only answers, so nobody waits for what a flow would do."""
        n8n = f"http://127.0.0.1:{self.receiver_port}" if self.receiver else ""
        return {
            "PARLEY_WRITES_PER_MINUTE": "1000000",
            "N8N_URL": n8n,
            "PARLEY_NOTICE_WAIT_SECONDS": "0",
            "PARLEY_ROUTE_WAIT_SECONDS": "0",
        }


@dataclass(frozen=True)
class BenchInstallation:
    """The running installation, and the superuser's connection that reads its counters."""

    installed: LocalInstallation
    connection: SqlConnection
    roots: Mapping[str, Sequence[int]]
    """The processes of each part; of the API there may be several (``PARLEY_API_PROCESSES``)."""
    own_pid: int
    receiver: WebhookReceiver = field(default_factory=WebhookReceiver)
    """Gets the webhooks when the measurement asked for a receiver."""

    @property
    def paths(self) -> Paths:
        return self.installed.paths

    @property
    def database_url(self) -> str:
        return superuser_url(self.installed)

    def read_cpu(self) -> cpu.CpuReading:
        """All parts, and the sandbox; without the bench's own connection."""
        return cpu.read_parts(self.roots, leave_out=(self.own_pid,))

    async def idle_cpu(self, seconds: float) -> cpu.CpuSpan:
        """What the parts use by themselves."""
        before = self.read_cpu()
        await asyncio.sleep(seconds)
        return self.read_cpu().since(before)

    async def statements(self) -> int:
        """Statements of Parley's own logins so far, BEGIN and COMMIT included, as far as they were counted."""
        return int(await self.connection.fetchval(_CALLS))

    @contextlib.asynccontextmanager
    async def counting(self) -> AsyncIterator[None]:
        """Count statements meanwhile; off otherwise, because it costs time."""
        await self._track("top")
        try:
            yield
        finally:
            await self._track("none")

    async def _track(self, what: str) -> None:
        await self.connection.execute(f"ALTER SYSTEM SET pg_stat_statements.track = {what}")
        await self.connection.execute("SELECT pg_reload_conf()")
        await asyncio.sleep(0.5)

    async def wait_until_drained(self, most_seconds: float = 900) -> None:
        """Until every event is sealed and every delivery done; then a moment for the last transactions."""
        deadline = time.monotonic() + most_seconds
        next_word = time.monotonic() + SAY_EACH_SECONDS
        quiet = 0
        while quiet < 3:
            quiet = quiet + 1 if await self.connection.fetchval(_OPEN_WORK) == 0 else 0
            if time.monotonic() > deadline:
                raise StackError(
                    f"after {most_seconds:.0f} s there is still to do: {await self._open_work()}"
                )
            if time.monotonic() > next_word:
                next_word += SAY_EACH_SECONDS
                say(f"waiting until everything is delivered: {await self._open_work()}")
            await asyncio.sleep(0.2)

    async def _open_work(self) -> str:
        """What is still to deliver, by subscriber, with an error of each that has one."""
        found = await self.connection.fetch(_OPEN_DELIVERIES)
        parts = [
            f"{row['subscriber']} {row['number']}" + (f" ({row['last_error']})" if row["last_error"] else "")
            for row in found
        ]
        return ", ".join(parts) or "events that are not sealed"

    async def wait_until_settled(self) -> None:
        """Until no part is busy with its own start: some are ready before they have imported everything."""
        for _ in range(SETTLING_SECONDS):
            span = await self.idle_cpu(1)
            if span.milliseconds(*PARTS) < 1000 * SETTLED_SHARE:
                return

    @contextlib.contextmanager
    def holding(self, *parts: str) -> Iterator[None]:
        """Stop the processes of these parts, and let them go on afterwards."""
        held = self._pids(parts)
        try:
            _signal_all(held, signal.SIGSTOP)
            yield
        finally:
            _signal_all(held, signal.SIGCONT)

    def _pids(self, parts: Sequence[str]) -> list[int]:
        table = cpu.process_table()
        return [pid for part in parts for root in self.roots[part] for pid in cpu.tree(root, table)]


def _signal_all(pids: Sequence[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def superuser_url(installed: LocalInstallation) -> str:
    """The superuser in the database of the installation."""
    password = installed.secrets["postgres"]
    return logins.with_login(installed.admin_url, postgres.SUPERUSER, password, logins.NAME)


def bench_paths(paths: Paths, options: BenchOptions) -> Paths:
    """The folder: one for figures of a small company, one for those of a filled database."""
    return Paths(paths.root, paths.var / ("bench-filled" if options.filled else "bench"))


@contextlib.asynccontextmanager
async def running(paths: Paths, options: BenchOptions) -> AsyncIterator[BenchInstallation]:
    """The installation, started when it is not running with these options; what was started is stopped again.

    A receiver listens before anything is started: a webhook that found nobody would be tried again minutes later.
    """
    _check_environment()
    own = bench_paths(paths, options)
    async with contextlib.AsyncExitStack() as stack:
        receiver = (
            await stack.enter_async_context(receiving(options.receiver_port)) if options.receiver else None
        )
        if await asyncio.to_thread(_start, own, options):
            stack.push_async_callback(asyncio.to_thread, run_stack, own, options, "down")
        yield await _connected(stack, own, receiver or WebhookReceiver())


async def _connected(
    stack: contextlib.AsyncExitStack, own: Paths, receiver: WebhookReceiver
) -> BenchInstallation:
    """The running installation, with what an earlier measurement left to be tried again at once."""
    installed = installation.load(own)
    connection = await asyncpg.connect(superuser_url(installed))
    stack.push_async_callback(connection.close)
    await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    await connection.execute(_TRY_NOW)
    status = read_status(own.state)
    roots: dict[str, list[int]] = {part: [] for part in (*PARTS, "sandbox")}
    for name, each in status.services.items():
        part = re.sub(r"-\d+$", "", name)  # api, api-2 and so on
        if part in roots:
            roots[part].append(each.pid)
    pid = await connection.fetchval("SELECT pg_backend_pid()")
    bench = BenchInstallation(installed, connection, roots, pid, receiver)
    say("waiting until no part is busy with its own start")
    await bench.wait_until_settled()
    return bench


def _check_environment() -> None:
    own = [name for name in OWN_VARIABLES if os.environ.get(name)]
    if own:
        raise StackError(f"the bench brings its own servers: type 'unset {' '.join(own)}'")


def _start(own: Paths, options: BenchOptions) -> bool:
    """Whether it had to be started."""
    own.make()
    wanted, memory = options.variables(), own.run / "bench.json"
    if read_status(own.state).ready:
        if read_json(memory) == wanted:
            return False
        run_stack(own, options, "down")
    _load_counter(own)
    write_json(memory, wanted)
    say(f"starting its own installation in {own.var}")
    run_stack(own, options, "up", "--without", "n8n")
    return True


def _load_counter(own: Paths) -> None:
    """Make the cluster as ``up`` would, and have it load pg_stat_statements."""
    server = postgres.embedded_postgres(own.var / "postgres")
    if postgres.make_cluster(server, stored_secrets.load(own)["postgres"]):
        with (server.data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(_LOADED)


def run_stack(own: Paths, options: BenchOptions, *args: str) -> None:
    """One of ``./parley``'s own commands, for the bench's installation."""
    variables = os.environ | options.variables() | {"PARLEY_VAR": str(own.var)}
    words = [sys.executable, "-m", "stack", *args]
    done = subprocess.run(
        words, cwd=own.root, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    if done.returncode:
        raise StackError(f"the bench's installation: {done.stderr.decode().strip()}")


def pgbench_program() -> Path:
    """The one that comes with the embedded server."""
    program = postgres.find_binaries() / "pgbench"
    if not program.exists():
        raise StackError(f"{program.parent} has no pgbench: name a folder that has it in PARLEY_PG_BIN")
    return program
