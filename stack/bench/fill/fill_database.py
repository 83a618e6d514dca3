"""``bench fill N``: makes N believable purchases, finished and open, by SQL over whole sets.

The purchases of the demo's history are written again with other people, vendors, cost centres, dates and numbers, over
two years. Of large fills only the newest tenth has a whole log; the older ones have their first event, as if they had
been brought over from an older system.

One rule: relay and worker are held meanwhile, and everything that counts is right afterwards: sequences, numbers
without gaps, the chain, the dashboard, the planner's statistics.
"""

import asyncio
import contextlib
import itertools
import sys
import time
from collections.abc import AsyncIterator, Sequence
from random import Random
from uuid import UUID

import asyncpg

from administration.run import run_use_case
from core.access.actor import Actor
from core.access.roles import Role
from core.automations import projection
from core.db.connection import Connection, Row
from core.kept_facts import repo as kept_facts
from core.kernel.clock import SystemClock
from core.people import directory
from core.recommendations import repo as recommendations
from core.stage_visits.service import CountingPlace
from core.uow import Uow
from stack.bench.bench_installation import BACKGROUND, BenchInstallation, SqlConnection
from stack.bench.fill.copies import CopyPlan, FillProgress, Say, make_copies, write_copies
from stack.bench.fill.patterns import make_patterns
from stack.bench.fill.population import add_population, read_population
from stack.bench.fill.templates import LOG, TABLES, read_templates
from stack.bench.report import BenchReport, ResultTable
from stack.errors import StackError
from stack.installation import load
from workers.subscribers.table import subscriptions

SEED = 20_261_129
FACTS_CHUNK = 5_000
PIECES_PER_PLAN = 20
"""A plan that was made for empty tables reads all of them once they are full; after ANALYZE it is made anew."""
_NEXT = "SELECT id FROM procurement_requests WHERE id > $1 ORDER BY id LIMIT $2"
_QUICK_SETTINGS = {
    "max_wal_size": "16GB",
    "checkpoint_timeout": "1h",
    "full_page_writes": "off",
    "autovacuum": "off",
}
"""Until the last checkpoint a crash of the machine would leave a database that is of no use: it is filled again."""


async def fill(bench: BenchInstallation, requests: int) -> BenchReport:
    """Fill the database of this installation with so many more purchases."""
    began = time.monotonic()
    connection = bench.connection
    if not await connection.fetchval(
        "SELECT true FROM people WHERE email = 'filled-vendor-1@northwind.example'"
    ):
        await asyncio.to_thread(run_use_case, load(bench.paths).databases.app, add_population)
    await bench.wait_until_drained()
    with bench.holding(*BACKGROUND):
        async with _quick_settings(connection):
            await write_purchases(connection, bench.database_url, requests, _teller())
            await _count_again(bench.database_url)
            await keep_facts(bench.database_url, _teller())
    seconds = time.monotonic() - began
    rows = [
        (table, await connection.fetchval(f"SELECT count(*) FROM {table}"))
        for table in (*TABLES, LOG, "deliveries")
    ]
    title = f"{requests:,} purchases in {seconds:.0f} s; the tables have now"
    figures = {"seconds": seconds, **{f"rows_{table}": float(count) for table, count in rows}}
    return BenchReport("fill", (ResultTable(title, ("table", "rows"), rows),), figures)


async def write_purchases(connection: SqlConnection, url: str, requests: int, say: Say) -> None:
    """Multiply the history; ``connection`` and ``url`` are those of a superuser."""
    population = await read_population(connection)
    templates = await read_templates(connection, population)
    if not templates:
        raise StackError("there is no history to copy from: the demo company is missing")
    columns = await make_patterns(connection, templates, population, requests, Random(SEED))
    copies = await make_copies(connection, requests)
    say(f"copying {len(templates)} purchases of the history")
    await write_copies(url, CopyPlan(copies, columns, _subscribers()), say)


def _subscribers() -> dict[str, list[str]]:
    """Who gets an event of each type; what counts everything anew is counted once at the end."""
    table = subscriptions()
    return {
        event_type: [name for name in names if name not in table.projections]
        for event_type, names in table.by_event_type.items()
    }


async def _count_again(url: str) -> None:
    """All tables at once, by the superuser: that takes longer than any statement of the application may."""
    driver = await asyncpg.connect(url, record_class=Row)
    try:
        async with driver.transaction():
            actor = Actor.system(Role.system_dashboard)
            uow = Uow(Connection(driver), actor=actor, clock=SystemClock(), reactions={})
            await projection.recount(uow, actor)
            await recommendations.note_all(uow.connection)
    finally:
        await driver.close()


async def keep_facts(url: str, say: Say) -> None:
    """The facts of all purchases, piece by piece as a rebuild derives them; the visits were copied."""
    driver = await asyncpg.connect(url, record_class=Row)
    try:
        connection = Connection(driver)
        organisation = await directory.read_organisation(connection)
        place = CountingPlace(organisation.zone, organisation.base_currency)
        whole = await driver.fetchval("SELECT count(*) FROM procurement_requests")
        progress = FillProgress("facts", -(-whole // FACTS_CHUNK), say)
        after = UUID(int=0)
        for piece in itertools.count():
            purchases = await driver.fetch(_NEXT, after, FACTS_CHUNK)
            if not purchases:
                break
            after = purchases[-1]["id"]
            await kept_facts.keep(connection, [row["id"] for row in purchases], place)
            if piece % PIECES_PER_PLAN == 0:
                await driver.execute("ANALYZE figure_facts, figure_weeks")
            progress.step()
        await driver.execute("VACUUM (ANALYZE) figure_facts, figure_weeks, visit_weeks")
    finally:
        await driver.close()


@contextlib.asynccontextmanager
async def _quick_settings(connection: SqlConnection) -> AsyncIterator[None]:
    """Write as little beside the rows as possible; afterwards a checkpoint and the settings as they were."""
    await _alter_system(connection, [f"SET {name} = '{value}'" for name, value in _QUICK_SETTINGS.items()])
    try:
        yield
    finally:
        await connection.execute("CHECKPOINT")
        await _alter_system(connection, [f"RESET {name}" for name in _QUICK_SETTINGS])


async def _alter_system(connection: SqlConnection, changes: Sequence[str]) -> None:
    for change in changes:
        await connection.execute(f"ALTER SYSTEM {change}")
    await connection.execute("SELECT pg_reload_conf()")


def _teller() -> Say:
    """Tells how far the work has come, with the seconds since its beginning."""
    began = time.monotonic()
    return lambda line: print(f"fill: {time.monotonic() - began:4.0f} s, {line}", file=sys.stderr, flush=True)
