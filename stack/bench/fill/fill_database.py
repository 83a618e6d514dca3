"""``bench fill N``: makes N believable purchases, finished and open, by SQL over whole sets.

The purchases of the demo's history are written again with other people, vendors, cost centres, dates and numbers, over
two years. Of large fills only the newest tenth has a whole log; the older ones have their first event, as if they had
been brought over from an older system.

One rule: relay and worker are held meanwhile, and everything that counts is right afterwards: sequences, numbers
without gaps, the chain, the dashboard, the planner's statistics.
"""

import asyncio
import time
from random import Random

from core.access.actor import Actor
from core.access.roles import Role
from core.automations import projection
from core.uow import Uow
from stack.admin.run import run_use_case
from stack.bench.bench_installation import BACKGROUND, BenchInstallation, SqlConnection
from stack.bench.fill.copies import CopyPlan, Say, make_copies, write_copies
from stack.bench.fill.patterns import make_patterns
from stack.bench.fill.population import add_population, read_population
from stack.bench.fill.templates import LOG, TABLES, read_templates
from stack.bench.progress import say
from stack.bench.report import BenchReport, ResultTable
from stack.errors import StackError
from workers.subscribers.table import subscriptions

SEED = 20_261_129
_MUCH_LOG = "ALTER SYSTEM SET max_wal_size = '16GB'"
_USUAL_LOG = "ALTER SYSTEM RESET max_wal_size"


async def fill(bench: BenchInstallation, requests: int) -> BenchReport:
    """Fill the database of this installation with so many more purchases."""
    began = time.monotonic()
    connection = bench.connection
    if not await connection.fetchval(
        "SELECT true FROM people WHERE email = 'filled-vendor-1@northwind.example'"
    ):
        await asyncio.to_thread(run_use_case, bench.paths, add_population)
    await bench.wait_until_drained()
    await _set(connection, _MUCH_LOG)
    with bench.holding(*BACKGROUND):
        await write_purchases(connection, bench.database_url, requests, say)
        await asyncio.to_thread(run_use_case, bench.paths, _count_again)
    await _set(connection, _USUAL_LOG)
    await connection.execute("CHECKPOINT")
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
    first, last = await make_copies(connection, requests)
    say(f"copying {len(templates)} purchases of the history")
    await write_copies(url, CopyPlan(first, last, columns, _subscribers()), say)


def _subscribers() -> dict[str, list[str]]:
    """Who gets an event of each type; what counts everything anew is counted once at the end."""
    table = subscriptions()
    return {
        event_type: [name for name in names if name not in table.projections]
        for event_type, names in table.by_event_type.items()
    }


async def _count_again(uow: Uow, actor: Actor) -> None:
    await projection.recount(uow, Actor.system(Role.system_dashboard))


async def _set(connection: SqlConnection, setting: str) -> None:
    await connection.execute(setting)
    await connection.execute("SELECT pg_reload_conf()")
