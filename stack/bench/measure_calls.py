"""``bench calls``: what the ten calls of a purchase cost while nothing else works.

For each call a batch of 48 at 8 clients, with worker and relay held; the CPU time of the whole process trees of the
api and of PostgreSQL. A first pass warms connections and caches up. Statements are counted in a pass of its own,
because counting costs time. Between the
fifth call and the sixth worker and relay go on until nothing is left to do, and so open the approvals.

One rule: the CPU time that the background needs never gets into a batch.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp

from stack.bench.bench_installation import BACKGROUND, BenchInstallation
from stack.bench.crew import Crew, gather_crew
from stack.bench.purchase_calls import (
    AFTER_APPROVAL,
    BEFORE_APPROVAL,
    CLIENTS,
    BenchPurchase,
    CallStep,
    PurchaseClient,
    at_once,
    bench_session,
    new_purchases,
    wait_for_approval,
)
from stack.bench.report import BenchReport, ResultTable
from stack.bench.row_writes import CREATE, PURCHASE, RowWrites, measure_rows, rows_table

PURCHASES, PURCHASES_SHORT = 48, 16
PURCHASES_COUNTED = 16
PGBENCH_RUNS = 1600


@dataclass(frozen=True)
class BatchCost:
    """One call of one batch, per call."""

    name: str
    api_ms: float
    postgres_ms: float
    statements: float
    per_second: float

    @property
    def cpu_ms(self) -> float:
        return self.api_ms + self.postgres_ms


class CallBatches:
    """Runs all ten batches of some purchases."""

    def __init__(self, bench: BenchInstallation, crew: Crew, web: aiohttp.ClientSession) -> None:
        self._bench = bench
        self._crew = crew
        self._client = PurchaseClient(web, crew)

    async def run(self, count: int) -> list[BatchCost]:
        purchases = new_purchases(self._crew, count)
        await self._bench.wait_until_drained()
        with self._bench.holding(*BACKGROUND):
            costs = await self._batches(BEFORE_APPROVAL, purchases)
        for purchase in purchases:
            await wait_for_approval(self._bench.connection, asyncio.Lock(), purchase)
        await self._bench.wait_until_drained()
        with self._bench.holding(*BACKGROUND):
            costs += await self._batches(AFTER_APPROVAL, purchases)
        await self._bench.wait_until_drained()
        return costs

    async def _batches(
        self, steps: Sequence[tuple[str, CallStep]], purchases: Sequence[BenchPurchase]
    ) -> list[BatchCost]:
        await asyncio.to_thread(self._crew.renew)
        await asyncio.sleep(0.2)
        return [await self._batch(name, step, purchases) for name, step in steps]

    async def _batch(self, name: str, step: CallStep, purchases: Sequence[BenchPurchase]) -> BatchCost:
        statements = await self._bench.statements()
        before = self._bench.read_cpu()
        seconds = await at_once(lambda purchase: step(self._client, purchase), purchases, CLIENTS)
        await asyncio.sleep(0.05)
        span, count = self._bench.read_cpu().since(before), len(purchases)
        return BatchCost(
            name=name,
            api_ms=span.milliseconds("api") / count,
            postgres_ms=span.milliseconds("postgres") / count,
            statements=(await self._bench.statements() - statements) / count,
            per_second=count / seconds,
        )


async def measure_calls(bench: BenchInstallation, *, short: bool) -> BenchReport:
    """The table of the ten calls, and the same rows written by pgbench."""
    crew = await gather_crew(bench)
    async with bench_session() as web:
        batches = CallBatches(bench, crew, web)
        await batches.run(CLIENTS)
        async with bench.counting():
            counted = await batches.run(CLIENTS if short else PURCHASES_COUNTED)
        costs = await batches.run(PURCHASES_SHORT if short else PURCHASES)
    with bench.holding(*BACKGROUND):
        runs = PGBENCH_RUNS // 4 if short else PGBENCH_RUNS
        purchase = await measure_rows(bench, PURCHASE, runs)
        create = await measure_rows(bench, (CREATE,), runs * 5)
    return _report(
        [_joined(cost, count) for cost, count in zip(costs, counted, strict=True)], purchase, create
    )


def _joined(cost: BatchCost, counted: BatchCost) -> BatchCost:
    """The CPU time of one pass and the statements of the other."""
    return BatchCost(cost.name, cost.api_ms, cost.postgres_ms, counted.statements, cost.per_second)


def _report(costs: Sequence[BatchCost], purchase: RowWrites, create: RowWrites) -> BenchReport:
    total = BatchCost(
        "all ten",
        sum(cost.api_ms for cost in costs),
        sum(cost.postgres_ms for cost in costs),
        sum(cost.statements for cost in costs),
        0.0,
    )
    columns = ("call", "api ms", "PostgreSQL ms", "CPU ms", "statements", "calls/s")
    rows = [
        (cost.name, cost.api_ms, cost.postgres_ms, cost.cpu_ms, cost.statements, cost.per_second or "")
        for cost in (*costs, total)
    ]
    figures = {
        "cpu_ms": total.cpu_ms,
        "api_ms": total.api_ms,
        "postgres_ms": total.postgres_ms,
        "statements": total.statements,
        "pgbench_cpu_ms": purchase.cpu_ms,
        "cpu_ratio_to_pgbench": total.cpu_ms / purchase.cpu_ms,
        "create_share_of_pgbench": costs[0].per_second / create.per_second,
    }
    figures |= {f"statements_{cost.name.replace(' ', '_')}": cost.statements for cost in costs}
    note = (
        f"CPU of the ten calls: {figures['cpu_ratio_to_pgbench']:.1f} times pgbench's; "
        f"create reaches {figures['create_share_of_pgbench']:.3f} of pgbench's rate."
    )
    return BenchReport(
        "calls",
        (
            ResultTable("per call, 8 clients, worker and relay held", columns, rows),
            rows_table(purchase.row("a whole purchase"), create.row("a create")),
        ),
        figures,
        (note,),
    )
