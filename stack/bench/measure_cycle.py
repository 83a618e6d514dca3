"""``bench cycle``: what a purchase costs over all parts, until every delivery is done and every chat is quiet.

24 purchases at 8 clients, from the first call to the last delivery; a delivery is done when its chat took it. From the
CPU time of each part what it uses by itself in the same time is taken off. Statements are counted in a pass of its own
before, because counting costs time; what the idle parts execute is taken off there too.

One rule: the sandbox is shown apart, because it stands for servers that are not ours.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp

from stack.bench.bench_installation import BACKGROUND, PARTS, BenchInstallation
from stack.bench.cpu import CpuSpan
from stack.bench.crew import Crew, gather_crew
from stack.bench.purchase_calls import (
    AFTER_APPROVAL,
    BEFORE_APPROVAL,
    CLIENTS,
    BenchPurchase,
    PurchaseClient,
    at_once,
    bench_session,
    new_purchases,
    wait_for_approval,
)
from stack.bench.report import BenchReport, ResultTable
from stack.bench.row_writes import PURCHASE, RowWrites, measure_rows, rows_table

PURCHASES, PURCHASES_SHORT = 24, 8
IDLE_SECONDS, IDLE_SECONDS_SHORT = 15.0, 5.0
PGBENCH_RUNS = 1600
_COUNTS = """
SELECT (SELECT count(*) FROM audit_events WHERE seq > $1) AS events,
       (SELECT count(*) FROM deliveries WHERE position > $2) AS deliveries,
       (SELECT coalesce(sum(fence), 0)::bigint FROM deliveries WHERE position > $2) AS claims
"""


@dataclass(frozen=True)
class CycleCost:
    """All purchases of one pass."""

    purchases: int
    span: CpuSpan
    calls_seconds: float
    statements: float
    events: int
    deliveries: int
    claims: int

    def each(self, amount: float) -> float:
        return amount / self.purchases


class PurchaseCycles:
    """Runs purchases from the first call to the last delivery."""

    def __init__(self, bench: BenchInstallation, crew: Crew, web: aiohttp.ClientSession) -> None:
        self._bench = bench
        self._crew = crew
        self._client = PurchaseClient(web, crew)
        self._lock = asyncio.Lock()

    async def run(self, count: int) -> CycleCost:
        await asyncio.to_thread(self._crew.renew)
        await self._bench.wait_until_drained()
        connection = self._bench.connection
        seq = await connection.fetchval("SELECT coalesce(max(seq), 0) FROM audit_events")
        position = await connection.fetchval("SELECT coalesce(max(position), 0) FROM audit_events")
        statements, before = await self._bench.statements(), self._bench.read_cpu()
        calls_seconds = await at_once(self._buy, new_purchases(self._crew, count), CLIENTS)
        await self._bench.wait_until_drained()
        span = self._bench.read_cpu().since(before)
        statements = await self._bench.statements() - statements
        counts = await connection.fetchrow(_COUNTS, seq, position)
        return CycleCost(
            purchases=count,
            span=span,
            calls_seconds=calls_seconds,
            statements=statements,
            events=counts["events"],
            deliveries=counts["deliveries"],
            claims=counts["claims"],
        )

    async def _buy(self, purchase: BenchPurchase) -> None:
        for _, step in BEFORE_APPROVAL:
            await step(self._client, purchase)
        await wait_for_approval(self._bench.connection, self._lock, purchase)
        for _, step in AFTER_APPROVAL:
            await step(self._client, purchase)


async def measure_cycle(bench: BenchInstallation, *, short: bool) -> BenchReport:
    """The table of the parts, and the same rows written by pgbench."""
    count = PURCHASES_SHORT if short else PURCHASES
    crew = await gather_crew(bench)
    async with bench_session() as web:
        cycles = PurchaseCycles(bench, crew, web)
        async with bench.counting():
            counted = await cycles.run(count)
            idle_rate = await _idle_statements(bench)
        idle = await bench.idle_cpu(IDLE_SECONDS_SHORT if short else IDLE_SECONDS)
        cost = await cycles.run(count)
    with bench.holding(*BACKGROUND):
        rows = await measure_rows(bench, PURCHASE, PGBENCH_RUNS // 4 if short else PGBENCH_RUNS)
    statements = counted.each(counted.statements - idle_rate * counted.span.seconds)
    return _report(cost, idle, statements, rows)


async def _idle_statements(bench: BenchInstallation) -> float:
    """Statements per second of parts that have nothing to do."""
    before, began = await bench.statements(), time.monotonic()
    await asyncio.sleep(5)
    return (await bench.statements() - before) / (time.monotonic() - began)


def _report(cost: CycleCost, idle: CpuSpan, statements: float, rows: RowWrites) -> BenchReport:
    own = cost.span.without(idle)
    table: list[Sequence[str | float]] = [
        (name, cost.each(own.milliseconds(name)), idle.milliseconds(name) / idle.seconds / 10)
        for name in (*PARTS, "sandbox")
    ]
    cpu_ms = cost.each(own.milliseconds(*PARTS))
    table.insert(len(PARTS), ("all parts", cpu_ms, idle.milliseconds(*PARTS) / idle.seconds / 10))
    counts = [
        ("events", cost.each(cost.events)),
        ("deliveries", cost.each(cost.deliveries)),
        ("claims", cost.each(cost.claims)),
        ("statements", statements),
    ]
    figures = {
        "cpu_ms": cpu_ms,
        "pgbench_cpu_ms": rows.cpu_ms,
        "cpu_ratio_to_pgbench": cpu_ms / rows.cpu_ms,
        "calls_seconds": cost.calls_seconds,
        "seconds_until_quiet": cost.span.seconds,
        "sandbox_cpu_ms": cost.each(own.milliseconds("sandbox")),
    }
    figures |= {name: float(value) for name, value in counts}
    figures |= {f"cpu_ms_{name}": cost.each(own.milliseconds(name)) for name in PARTS}
    note = (
        f"The calls took {cost.calls_seconds:.1f} s, everything was quiet after {cost.span.seconds:.1f} s; "
        f"{figures['cpu_ratio_to_pgbench']:.0f} times pgbench's CPU."
    )
    return BenchReport(
        "cycle",
        (
            ResultTable(
                f"per purchase ({cost.purchases} at {CLIENTS} clients, until quiet)",
                ("part", "CPU ms", "idle %"),
                table,
            ),
            ResultTable("per purchase", ("what", "count"), counts),
            rows_table(rows.row("a whole purchase")),
        ),
        figures,
        (note,),
    )
