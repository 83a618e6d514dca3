"""What the browser's figures rest on: exact percentiles, the projections derived anew from the log, open streams.

One rule: each is measured as the installation does it, by the same statement, the same command, the same stream.
"""

import asyncio
import statistics
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import UUID

import aiohttp

from administration import analytics
from administration.run import run_work
from core.analytics import policy, repo
from core.analytics.model import Matter
from core.analytics.sections import SECTIONS
from core.db.compiled import BoundStatement
from core.db.engine import Engine
from core.kernel.clock import SystemClock
from core.stage_visits.service import Rebuilding
from stack.bench.bench_installation import BenchInstallation
from stack.bench.measure_start import tree_pss_mb
from stack.bench.page_browser import browser_of, open_sessions
from stack.bench.report import Cell
from stack.installation import load

PERCENTILES_MS, REBUILD_SECONDS, STREAMS_MB = 200.0, 60.0, 60.0
WEEKS, TIMES = 13, 7
EVENTS = 1_000_000
STREAMS, STREAMS_OF_PERSON = 200, 4
SETTLING_SECONDS = 2.0
_FIRST = """
SELECT request_id FROM audit_events WHERE position > (SELECT max(position) FROM audit_events) - $1
  AND request_id IS NOT NULL ORDER BY position LIMIT 1
"""
_EVENTS_AFTER = "SELECT count(*) FROM audit_events WHERE request_id > $1"
_STAFF = """
SELECT p.email FROM people p WHERE p.active AND p.vendor_id IS NULL AND p.email LIKE 'filled-%' ORDER BY p.id LIMIT $1
"""


@dataclass(frozen=True)
class BesideCost:
    """One figure under a name that does not change, and what it may be."""

    name: str
    value: float
    most: float

    @property
    def row(self) -> tuple[Cell, ...]:
        return (self.name, self.value, self.most)


async def measure_percentiles(bench: BenchInstallation) -> list[BesideCost]:
    """The sections that have percentiles, of thirteen weeks and the thirteen before."""
    now = SystemClock().now()
    zone = await bench.connection.fetchval("SELECT zone FROM organisation")
    window = policy.window(WEEKS, None, now, zone)
    values = policy.bounds(window, now)
    specs = [SECTIONS[Matter.waits][0], SECTIONS[Matter.waits][1], *SECTIONS[Matter.time]]
    found = []
    for spec in specs:
        bound = repo.figures_statement((spec,)).bind(values)
        waited = [await _milliseconds(bench, bound) for _ in range(TIMES)]
        found.append(BesideCost(f"percentiles of {spec.name}, ms", statistics.median(waited), PERCENTILES_MS))
    return found


async def _milliseconds(bench: BenchInstallation, bound: BoundStatement) -> float:
    began = time.monotonic()
    await bench.connection.fetch(bound.sql, *bound.arguments)
    return (time.monotonic() - began) * 1000


async def measure_rebuild(bench: BenchInstallation) -> BesideCost:
    """The purchases of the newest million events measured anew, as ``./parley analytics rebuild`` does with all."""
    first = await bench.connection.fetchval(_FIRST, EVENTS)
    begun = Rebuilding(
        await bench.connection.fetchval("SELECT max(position) FROM audit_events"), _plain(first)
    )
    events = await bench.connection.fetchval(_EVENTS_AFTER, first)

    async def work(engine: Engine) -> None:
        await analytics.measure_anew(engine, begun)

    began = time.monotonic()
    await asyncio.to_thread(run_work, load(bench.paths).databases.app, work)
    seconds = (time.monotonic() - began) * EVENTS / max(1, events)
    return BesideCost("a million events measured anew, s", seconds, REBUILD_SECONDS)


def _plain(value: UUID) -> UUID:
    """asyncpg's ids compare equal but are another class."""
    return UUID(int=value.int)


async def measure_streams(bench: BenchInstallation, web: aiohttp.ClientSession) -> BesideCost:
    """By how much the api grows while so many streams of changes are open."""
    rows = await bench.connection.fetch(_STAFF, STREAMS // STREAMS_OF_PERSON)
    sessions = await asyncio.to_thread(open_sessions, bench.paths, [row["email"] for row in rows])
    browsers = [browser_of(bench, web, secret) for secret in sessions.values()]
    for browser in browsers:
        await browser.load("/sessions")
    before = sum(map(tree_pss_mb, bench.roots["api"]))
    async with AsyncExitStack() as opened:
        for browser in browsers:
            for _ in range(STREAMS_OF_PERSON):
                opened.callback((await browser.follow_changes()).close)
        await asyncio.sleep(SETTLING_SECONDS)
        grown = sum(map(tree_pss_mb, bench.roots["api"])) - before
    count = len(browsers) * STREAMS_OF_PERSON
    return BesideCost(f"{STREAMS} open streams, MB", grown * STREAMS / max(1, count), STREAMS_MB)
