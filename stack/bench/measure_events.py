"""``bench events``: from the commit of an event to the arrival of its webhook, and from a press to its answer.

A receiver stands in n8n's place. The events are appended as the API appends them, one transaction each, at ten and at
200 a second; a third row sends RFQs through the API at ten a second, with all the cards and notices that follow from
them. Approvals and presses are measured one at a time.

One rule: the clock starts when the commit has returned, and an event that never came counts as the slowest.
"""

import asyncio
import statistics
import time
from collections.abc import Sequence

from stack.bench.bench_installation import BACKGROUND, BenchInstallation
from stack.bench.card_presses import measure_presses
from stack.bench.crew import gather_crew
from stack.bench.event_appender import EventAppender, appending
from stack.bench.progress import say
from stack.bench.purchase_calls import (
    CLIENTS,
    BenchPurchase,
    PurchaseClient,
    at_once,
    bench_session,
    new_purchases,
)
from stack.bench.receiver import WebhookReceiver
from stack.bench.report import BenchReport, ResultTable
from stack.bench.row_writes import PURCHASE, measure_rows, rows_table

WARM_UP = 10
LATE_SECONDS = 180.0
_RFQ_EVENT = "SELECT id::text FROM audit_events WHERE type = 'rfq.sent' AND subject_id::text = $1"
Row = tuple[str, int, float, float, float]


async def measure_events(bench: BenchInstallation, *, short: bool) -> BenchReport:
    """A row per rate, and the same rows written by pgbench."""
    receiver = bench.receiver
    async with appending(bench) as appender:
        await bench.wait_until_drained()
        say("appending ten events a second")
        rows = [await _at_rate(appender, receiver, "appended, 10/s", 10, 5 if short else 15)]
        await bench.wait_until_drained()
        say("appending 200 events a second")
        rows.append(await _at_rate(appender, receiver, "appended, 200/s", 200, 2 if short else 6))
        await bench.wait_until_drained()
    if not short:
        rows.append(await _rfqs(bench, receiver))
    waits = await measure_presses(bench, 10 if short else 50)
    answers = [_row(name, seconds)[:4] for name, seconds in waits.items()]
    await bench.wait_until_drained()
    with bench.holding(*BACKGROUND):
        limit = await measure_rows(bench, PURCHASE, 400 if short else 1600)
    columns = ("events", "count", "p50 ms", "p99 ms", "never came")
    figures = {"pgbench_cpu_ms": limit.cpu_ms}
    for (_, _, p50, p99, missing), rate in zip(rows, ("10", "200", "10_rfq"), strict=False):
        figures |= {f"p50_ms_at_{rate}": p50, f"p99_ms_at_{rate}": p99, f"missing_at_{rate}": missing}
    for (_, _, p50, p99), name in zip(answers, ("approval", "press_telegram", "press_slack"), strict=True):
        figures |= {f"p50_ms_{name}": p50, f"p99_ms_{name}": p99}
    return BenchReport(
        "events",
        (
            ResultTable("commit to webhook", columns, rows),
            ResultTable("one at a time", ("what", "count", "p50 ms", "p99 ms"), answers),
            rows_table(limit.row("a whole purchase")),
        ),
        figures,
    )


async def _at_rate(
    appender: EventAppender, receiver: WebhookReceiver, name: str, per_second: int, seconds: int
) -> Row:
    """Append at this rate, whatever the events before do."""
    appender.committed.clear()
    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for number in range(WARM_UP + per_second * seconds):
            await asyncio.sleep(max(0.0, began + number / per_second - time.monotonic()))
            group.create_task(appender.append())
    await receiver.wait_for(appender.committed, LATE_SECONDS)
    ids = list(appender.committed)[WARM_UP:]
    return _row(name, [receiver.arrivals.get(each, 0.0) - appender.committed[each] for each in ids])


def _row(name: str, latencies: Sequence[float]) -> Row:
    """Negative: it never came."""
    missing = sum(1 for seconds in latencies if seconds < 0)
    shown = [1000 * (seconds if seconds >= 0 else LATE_SECONDS) for seconds in latencies]
    spread = statistics.quantiles(shown, n=100, method="inclusive")
    return name, len(shown), spread[49], spread[98], float(missing)


async def _rfqs(bench: BenchInstallation, receiver: WebhookReceiver) -> Row:
    """Ten RFQs a second through the API."""
    say("sending ten RFQs a second")
    crew = await gather_crew(bench)
    purchases = new_purchases(crew, WARM_UP + 100)
    answered: dict[str, float] = {}
    async with bench_session() as web:
        client = PurchaseClient(web, crew)
        await at_once(client.create, purchases, CLIENTS)
        await bench.wait_until_drained()

        async def send(purchase: BenchPurchase) -> None:
            await client.send_rfq(purchase)
            answered[purchase.rfq["id"]] = time.monotonic()

        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for number, purchase in enumerate(purchases):
                await asyncio.sleep(max(0.0, began + number / 10 - time.monotonic()))
                group.create_task(send(purchase))
    ids = {rfq: str(await bench.connection.fetchval(_RFQ_EVENT, rfq)) for rfq in answered}
    await receiver.wait_for(ids.values(), LATE_SECONDS)
    latencies = [receiver.arrivals.get(ids[rfq], 0.0) - at for rfq, at in answered.items()]
    return _row("RFQs by the API, 10/s, from the answer", [max(each, 0.0) for each in latencies[WARM_UP:]])
