"""``bench scale``: what lists, look-ups and the vendors' calls cost on a database that ``bench fill`` has filled.

Each call is made one after the other as a demo person of that role, who takes part in as many purchases as others do,
with worker and relay held: the CPU time of the api and of PostgreSQL, and the time until the answer.

One rule: a slow call is made at least once and is not hidden by a limit; only how often it is repeated depends on it.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from stack.bench.bench_installation import BACKGROUND, BenchInstallation
from stack.bench.crew import ChatTokens, Crew, Member, PurchaseTeam
from stack.bench.purchase_calls import BEFORE_APPROVAL, BenchPurchase, PurchaseClient, bench_session
from stack.bench.report import BenchReport, ResultTable
from stack.bench.row_writes import CREATE, measure_rows, rows_table
from stack.demo import company

CALLS, CALLS_SHORT = 20, 5
MOST_SECONDS = 10.0
"""A call is repeated no longer than this."""
ANSWER_SECONDS = 300
COST_CENTRE = "IT"
SELLERS = ("Alder Computing", "Birke Systemhaus", "Cedar Devices")
_SAMPLES = """
SELECT r.id AS request, r.number, f.id AS rfq, r.cost_centre FROM procurement_requests r
JOIN rfqs f ON f.request_id = r.id JOIN rfq_invitations i ON i.rfq_id = f.id
WHERE r.requested_by = $1 AND i.vendor_id = $2 ORDER BY r.id LIMIT 1
"""
_PEOPLE = """
SELECT c.external_id, p.id, p.vendor_id FROM people p
JOIN chat_identities c ON c.person_id = p.id AND c.platform = 'telegram'
"""


@dataclass(frozen=True)
class ScaleProbe:
    """One call of one person."""

    name: str
    who: str
    path: str


def probes(samples: Mapping[str, object]) -> list[ScaleProbe]:
    """What is asked; ``samples`` are ids of one old purchase."""
    request, rfq, number = samples["request"], samples["rfq"], samples["number"]
    roles = ("requester", "officer", "manager", "finance", "admin", "auditor")
    return [
        *(ScaleProbe(f"50 requests, {role}", role, "/procurement/requests?limit=50") for role in roles),
        ScaleProbe(
            "50 completed requests, officer", "officer", "/procurement/requests?limit=50&state=completed"
        ),
        ScaleProbe("50 own requests, requester", "requester", "/procurement/requests?limit=50&mine=true"),
        ScaleProbe("a request by its number, officer", "officer", f"/procurement/requests?number={number}"),
        ScaleProbe("a request by its id, requester", "requester", f"/procurement/requests/{request}"),
        ScaleProbe("suggested vendors, officer", "officer", f"/procurement/requests/{request}/vendors"),
        ScaleProbe("50 approvals, manager", "manager", "/approvals?limit=50"),
        ScaleProbe("50 approvals that wait for the manager", "manager", "/approvals?limit=50&mine=true"),
        ScaleProbe("50 orders, officer", "officer", "/purchase-orders?limit=50"),
        ScaleProbe("50 RFQs, vendor", "vendor", "/rfqs?limit=50"),
        ScaleProbe("an RFQ, vendor", "vendor", f"/rfqs/{rfq}"),
        ScaleProbe("50 quotes, vendor", "vendor", "/vendors/quotes?limit=50"),
        ScaleProbe("50 orders, vendor", "vendor", "/purchase-orders?limit=50"),
        ScaleProbe("the dashboard, officer", "officer", "/dashboard/status"),
        ScaleProbe("the digest, manager", "manager", "/me/digest"),
        ScaleProbe("50 events, auditor", "auditor", "/audit/events?limit=50"),
    ]


@dataclass(frozen=True)
class ScaleCost:
    """What one call cost, on average; the median of the time until its answer."""

    name: str
    api_ms: float
    postgres_ms: float
    answer_ms: float
    calls: int

    @property
    def cpu_ms(self) -> float:
        return self.api_ms + self.postgres_ms


class ScaleCalls:
    """Makes calls until there are enough of them or the time is over."""

    def __init__(self, bench: BenchInstallation, most: int) -> None:
        self._bench = bench
        self._most = most

    async def measure(
        self, name: str, call: Callable[[], Awaitable[object]], most: int | None = None
    ) -> ScaleCost:
        """Once to warm up, then ``most`` times."""
        await call()
        before, began = self._bench.read_cpu(), time.monotonic()
        answers: list[float] = []
        while len(answers) < (most or self._most) and time.monotonic() - began < MOST_SECONDS:
            sent = time.monotonic()
            await call()
            answers.append((time.monotonic() - sent) * 1000)
        await asyncio.sleep(0.05)
        span = self._bench.read_cpu().since(before)
        count = len(answers)
        api, postgres = span.milliseconds("api") / count, span.milliseconds("postgres") / count
        return ScaleCost(name, api, postgres, statistics.median(answers), count)


async def measure_scale(bench: BenchInstallation, *, short: bool) -> BenchReport:
    """A row per call, and creating the same rows by pgbench."""
    crew = await _demo_crew(bench)
    team = crew.teams[0]
    who = await asyncio.to_thread(_readers, crew)
    samples = await bench.connection.fetchrow(_SAMPLES, team.requester.person_id, team.vendors[0].vendor_id)
    calls = ScaleCalls(bench, CALLS_SHORT if short else CALLS)
    costs = []
    async with bench_session(ANSWER_SECONDS) as web:
        client = PurchaseClient(web, crew)
        await bench.wait_until_drained()
        with bench.holding(*BACKGROUND):
            for probe in probes(samples):
                costs.append(await calls.measure(probe.name, _get(client, who[probe.who], probe.path)))
            await asyncio.to_thread(crew.renew)
            costs += await _writes(calls, client, team, CALLS_SHORT if short else CALLS)
            limit = await measure_rows(bench, (CREATE,), 2000 if short else 8000)
        await bench.wait_until_drained()
    requests = await bench.connection.fetchval("SELECT count(*) FROM procurement_requests")
    columns = ("call", "api ms", "PostgreSQL ms", "CPU ms", "answered in ms", "calls")
    rows = [(c.name, c.api_ms, c.postgres_ms, c.cpu_ms, c.answer_ms, c.calls) for c in costs]
    figures = {f"cpu_ms {cost.name}": cost.cpu_ms for cost in costs}
    return BenchReport(
        "scale",
        (ResultTable(f"with {requests:,} requests", columns, rows), rows_table(limit.row("a create"))),
        {"requests": float(requests), "pgbench_cpu_ms": limit.cpu_ms, **figures},
    )


def _get(client: PurchaseClient, member: Member, path: str) -> Callable[[], Awaitable[object]]:
    return lambda: client.call(member, "GET", path)


async def _writes(
    calls: ScaleCalls, client: PurchaseClient, team: PurchaseTeam, count: int
) -> list[ScaleCost]:
    """Create, RFQ and the three quotes, each for purchases of their own."""
    costs = []
    purchases = [BenchPurchase(team) for _ in range(count + 1)]
    for name, step in BEFORE_APPROVAL:
        reached: list[BenchPurchase] = []
        waiting = iter(purchases)

        async def call() -> None:
            purchase = next(waiting)  # noqa: B023 - called before the next round
            await step(client, purchase)  # noqa: B023
            reached.append(purchase)  # noqa: B023

        costs.append(await calls.measure(name, call, len(purchases) - 1))
        purchases = reached
        if len(purchases) < 2:
            break
    return costs


async def _demo_crew(bench: BenchInstallation) -> Crew:
    """One team of demo people and demo vendors."""
    rows = {row["external_id"]: row for row in await bench.connection.fetch(_PEOPLE)}

    def member(chat: int) -> Member:
        row = rows[str(chat)]
        return Member(UUID(int=row["id"].int), row["vendor_id"], str(chat))

    chats = {person.key: person.telegram for person in company.PEOPLE}
    sellers = [vendor.telegram for vendor in company.VENDORS if vendor.name in SELLERS]
    team = PurchaseTeam(
        cost_centre=COST_CENTRE,
        requester=member(chats["requester"]),
        officer=member(chats["officer"]),
        manager=member(chats["manager"]),
        vendors=[member(chat) for chat in sellers],
    )
    crew = Crew([team], ChatTokens.of(bench))
    await asyncio.to_thread(crew.renew)
    return crew


def _readers(crew: Crew) -> dict[str, Member]:
    """Somebody per role, with a token."""
    team = crew.teams[0]
    found = {
        "requester": team.requester,
        "officer": team.officer,
        "manager": team.manager,
        "vendor": team.vendors[0],
    }
    for person in company.PEOPLE:
        if person.key in ("finance", "admin", "auditor"):
            token = crew.tokens.exchange(str(person.telegram))
            found[person.key] = Member(UUID(int=0), None, str(person.telegram), token)
    return found
