"""``bench deliveries``: webhooks per second from a full log.

Events are appended while relay and worker are held; then both go on, and the clock runs until the last webhook came
to the receiver in n8n's place.

One rule: everything between the log and the webhook is counted: sealing, hints, claims, the posts and their finish.
"""

import time

from stack.bench.bench_installation import BACKGROUND, PARTS, BenchInstallation
from stack.bench.event_appender import appending
from stack.bench.progress import say
from stack.bench.report import BenchReport, ResultTable
from stack.bench.row_writes import PURCHASE, measure_rows, rows_table
from stack.errors import StackError

EVENTS, EVENTS_SHORT = 3000, 500
BATCH = 100
MOST_SECONDS = 600.0


async def measure_deliveries(bench: BenchInstallation, *, short: bool) -> BenchReport:
    """The rate, the CPU time per webhook of each part, and the same rows written by pgbench."""
    count = EVENTS_SHORT if short else EVENTS
    receiver = bench.receiver
    async with appending(bench) as appender:
        await bench.wait_until_drained()
        idle = await bench.idle_cpu(5)
        say(f"appending {count} events while relay and worker are held")
        with bench.holding(*BACKGROUND):
            for _ in range(count // BATCH):
                await appender.append(BATCH)
            before = bench.read_cpu()
            began = time.monotonic()
        say("waiting for the webhooks")
        await receiver.wait_for(appender.committed, MOST_SECONDS)
        came = [receiver.arrivals[each] for each in appender.committed if each in receiver.arrivals]
        if len(came) < count:
            raise StackError(f"{count - len(came)} of {count} webhooks did not come")
        span = bench.read_cpu().since(before).without(idle)
        await bench.wait_until_drained()
    with bench.holding(*BACKGROUND):
        limit = await measure_rows(bench, PURCHASE, 400 if short else 1600)
    per_second = count / (max(came) - began)
    rows = [(name, span.milliseconds(name) / count) for name in PARTS]
    cpu_ms = span.milliseconds(*PARTS) / count
    return BenchReport(
        "deliveries",
        (
            ResultTable(
                f"{count} webhooks from a full log: {per_second:,.0f} a second",
                ("part", "CPU ms per webhook"),
                [*rows, ("all parts", cpu_ms)],
            ),
            rows_table(limit.row("a whole purchase")),
        ),
        {"per_second": per_second, "cpu_ms": cpu_ms, "pgbench_cpu_ms": limit.cpu_ms},
    )
