"""``bench pages``: what pages cost on a database that ``bench fill`` has filled, beside what they may cost.

Every list in each of its orders and with its filters, every question of the analytics with what is behind its numbers,
the search of the audit log; then exact percentiles, the projections derived anew, and open streams. Worker and relay
are held meanwhile.

One rule: a page is asked for as a browser asks for it, and a list is measured in every order that its page offers.
"""

import asyncio
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from core.analytics.model import Matter
from stack.bench.bench_installation import BACKGROUND, BenchInstallation
from stack.bench.beside_pages import measure_percentiles, measure_rebuild, measure_streams
from stack.bench.page_browser import LoadedPage, PageBrowser, browser_of, open_sessions
from stack.bench.progress import say
from stack.bench.purchase_calls import bench_session
from stack.bench.report import BenchReport, Cell, ResultTable

PAGE_P95_MS, PAGE_CPU_MS, FIRST_LOAD_BYTES = 300.0, 25.0, 100_000
LOADS, LOADS_SHORT = 20, 5
MOST_SECONDS = 10.0
ANSWER_SECONDS = 300
LISTS = ("/purchases", "/lists/rfqs", "/lists/quotes", "/lists/orders", "/lists/vendors", "/lists/people")
"""Measured in every order as well."""
_LIMITED = ("q=monitor", "q=zeppelin", "from=2026-01-01", "state=cancelled")
PATHS: Mapping[str, Sequence[str]] = {
    "requester": ("/home", "/purchases"),
    "manager": ("/home", "/purchases"),
    "officer": (
        *("/home", *LISTS[:-1], "/purchases/{number}", "/lists/vendors?q={vendor}"),
        *("/purchases?number={number}", "/purchases?person={person}", "/purchases?mine=true"),
        *(f"{path}?{query}" for path in LISTS[:4] for query in _LIMITED[: 3 if path == LISTS[2] else 4]),
    ),
    "vendor": ("/portal", "/lists/rfqs", "/lists/quotes", "/lists/orders"),
    "finance": (
        *("/home", *(f"/figures/{matter.value}" for matter in Matter), "/figures/time?number={number}"),
        *("/figures/waits?working=true", "/figures/waits?weeks=52", "/figures/vendors?weeks=52"),
        "/figures/waits/rows?section=stages&key=approving",
        "/figures/competition/rows?section=savings&key=last_paid",
        "/figures/exceptions/rows?section=exceptions&key=single_quote",
    ),
    "admin": ("/home", "/lists/people"),
    "auditor": (
        *("/home", "/audit-log", "/audit-log?subject={number}", "/audit-log?person={person}"),
        *("/audit-log?action=order.issued", "/audit-log?from=2026-01-01&until=2026-01-31"),
    ),
}
"""What each role opens."""
_SAMPLE = """
SELECT r.number, p.name, v.name AS vendor FROM procurement_requests r JOIN people p ON p.id = r.requested_by
JOIN purchase_orders o ON o.request_id = r.id JOIN vendors v ON v.id = o.vendor_id ORDER BY r.id LIMIT 1
"""
_VENDOR = """
SELECT p.email FROM people p JOIN purchase_orders o ON o.vendor_id = p.vendor_id
WHERE p.active GROUP BY p.email ORDER BY count(*) DESC, p.email LIMIT 1
"""


@dataclass(frozen=True)
class PageProbe:
    """One address and who asks for it; of a list also the orders that its page offers."""

    who: str
    path: str
    ordered: bool = False

    @property
    def name(self) -> str:
        return f"{self.path}, {self.who}"


@dataclass(frozen=True)
class PageCost:
    """What one page costs: milliseconds until it is there, of CPU, and the bytes of the first load."""

    name: str
    p50: float
    p95: float
    api_ms: float
    postgres_ms: float
    first_load: int
    loads: int

    @property
    def cpu_ms(self) -> float:
        return self.api_ms + self.postgres_ms


def probes(number: str, person: str, vendor: str) -> list[PageProbe]:
    """Every list and every question; the sample's number and names stand for what people look for."""
    said = {"number": number, "person": quote(person), "vendor": quote(vendor)}
    return [
        PageProbe(who, path.format(**said), path in LISTS) for who, paths in PATHS.items() for path in paths
    ]


async def measure_pages(bench: BenchInstallation, *, short: bool) -> BenchReport:
    """A table of pages, one of projections, one of streams."""
    sample = await bench.connection.fetchrow(_SAMPLE)
    emails = {role: f"{role}@northwind.example" for role in PATHS}
    emails["vendor"] = await bench.connection.fetchval(_VENDOR)
    opened = await asyncio.to_thread(open_sessions, bench.paths, list(emails.values()))
    costs: list[PageCost] = []
    async with bench_session(ANSWER_SECONDS, unpacks=False) as web:
        who = {role: browser_of(bench, web, opened[email]) for role, email in emails.items()}
        await bench.wait_until_drained()
        with bench.holding(*BACKGROUND):
            for probe in probes(sample["number"], sample["name"], sample["vendor"]):
                say(f"{probe.name}")
                costs += await _measure(bench, who[probe.who], probe, LOADS_SHORT if short else LOADS)
            percentiles = await measure_percentiles(bench)
            rebuilt = await measure_rebuild(bench)
            streams = await measure_streams(bench, web)
    requests = await bench.connection.fetchval("SELECT count(*) FROM procurement_requests")
    others = [*percentiles, rebuilt, streams]
    return BenchReport(
        "pages",
        (
            _page_table(f"with {requests:,} requests", costs),
            ResultTable("beside the pages", ("what", "measured", "may be"), [each.row for each in others]),
        ),
        {"requests": float(requests)}
        | {f"p95_ms {cost.name}": cost.p95 for cost in costs}
        | {f"cpu_ms {cost.name}": cost.cpu_ms for cost in costs}
        | {each.name: each.value for each in others},
        (_summary(costs),),
    )


def _page_table(title: str, costs: Sequence[PageCost]) -> ResultTable:
    columns = ("page", "p50 ms", "p95 ms", "api ms", "PostgreSQL ms", "CPU ms", "first load kB", "loads")
    rows: list[Sequence[Cell]] = [
        (c.name, c.p50, c.p95, c.api_ms, c.postgres_ms, c.cpu_ms, c.first_load / 1000, c.loads) for c in costs
    ]
    rows.append(("may be", "", PAGE_P95_MS, "", "", PAGE_CPU_MS, FIRST_LOAD_BYTES / 1000, ""))
    return ResultTable(title, columns, rows)


def _summary(costs: Sequence[PageCost]) -> str:
    """How many pages keep within what they may cost."""
    late = sum(1 for cost in costs if cost.p95 > PAGE_P95_MS)
    dear = sum(1 for cost in costs if cost.cpu_ms > PAGE_CPU_MS)
    heavy = sum(1 for cost in costs if cost.first_load > FIRST_LOAD_BYTES)
    return (
        f"Of {len(costs)} pages {late} take more than {PAGE_P95_MS:.0f} ms at p95, {dear} more than"
        f" {PAGE_CPU_MS:.0f} ms of CPU, {heavy} are heavier than {FIRST_LOAD_BYTES // 1000} kB."
    )


async def _measure(
    bench: BenchInstallation, browser: PageBrowser, probe: PageProbe, most: int
) -> list[PageCost]:
    """The page, and the same in each of its orders."""
    orders = (await browser.load(probe.path)).orders if probe.ordered else []
    both = [each for order in orders for each in (order, order.replace("sort=", "sort=-"))]
    wanted = [probe, *(PageProbe(probe.who, path) for path in both)]
    return [await _cost(bench, browser, each, most) for each in wanted]


async def _cost(bench: BenchInstallation, browser: PageBrowser, probe: PageProbe, most: int) -> PageCost:
    """Once for a browser that knows nothing, then so many times; a slow page less often, but at least once."""
    first_load = await browser.first_load(probe.path)
    before, began = bench.read_cpu(), time.monotonic()
    loaded: list[LoadedPage] = []
    while not loaded or (len(loaded) < most and time.monotonic() - began < MOST_SECONDS):
        loaded.append(await browser.load(probe.path))
    await asyncio.sleep(0.05)
    span = bench.read_cpu().since(before)
    waited, count = [each.milliseconds for each in loaded], len(loaded)
    refused = sum(1 for each in loaded if each.refused)
    return PageCost(
        f"{probe.name}, refused {refused} times" if refused else probe.name,
        statistics.median(waited),
        sorted(waited)[min(count - 1, int(0.95 * count))],
        span.milliseconds("api") / count,
        span.milliseconds("postgres") / count,
        first_load,
        count,
    )
