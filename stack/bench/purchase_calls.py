"""One purchase by the API alone: two lines, three vendors, ten calls.

    create · rfq · quote 1 · quote 2 · quote 3 · approve · show · acknowledge · receipt 1 · receipt 2

One rule: a purchase is exactly these ten calls. The approval that the worker opens is read from the database by the
bench's own connection, not asked for over HTTP.
"""

import asyncio
import datetime as dt
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from core.kernel.clock import SystemClock
from stack.bench.bench_installation import BenchInstallation, SqlConnection
from stack.bench.crew import Crew, Member, PurchaseTeam, gather_crew
from stack.errors import StackError

CLIENTS = 8
_LINES = (("Docking station", "4", "60.00"), ("Monitor cable, 2 m", "2", "80.00"))
_DEARER = ("58.10", "59.20", "60.30")
"""What each vendor asks for the first line; the first one is chosen."""
_APPROVAL = """
SELECT a.id, a.version FROM approvals a JOIN approval_steps s ON s.approval_id = a.id
WHERE a.request_id = $1 AND a.state = 'pending' AND s.state = 'open' AND s.routed_at IS NOT NULL
"""
_WAIT_SECONDS = 120.0

Json = dict[str, Any]


@dataclass
class BenchPurchase:
    """What is known of one purchase so far."""

    team: PurchaseTeam
    request_id: str = ""
    rfq: Json = field(default_factory=dict)
    approval: Json = field(default_factory=dict)
    order_id: str = ""
    order_lines: list[Json] = field(default_factory=list)


def bench_session(answer_seconds: float = 300, *, unpacks: bool = True) -> aiohttp.ClientSession:
    """A session that never uses a connection which the api may be closing: it keeps idle ones for five seconds."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=1),
        timeout=aiohttp.ClientTimeout(total=answer_seconds),
        auto_decompress=unpacks,
    )


class PurchaseClient:
    """Makes the calls; its own CPU time is nobody's."""

    def __init__(self, web: aiohttp.ClientSession, crew: Crew) -> None:
        self._web = web
        self._crew = crew

    async def call(self, member: Member, method: str, path: str, body: Json | None = None) -> Json:
        """One call; StackError when it is refused."""
        headers = {"Authorization": f"Bearer {member.token}", "Idempotency-Key": uuid.uuid4().hex}
        url = f"{self._crew.api}{path}"
        try:
            async with self._web.request(method, url, json=body, headers=headers) as answer:
                content: Json = await answer.json()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise StackError(f"{method} {path}: {type(error).__name__} {error}") from None
        if answer.status >= 300:
            raise StackError(f"{method} {path}: {answer.status} {content}")
        return content

    async def create(self, purchase: BenchPurchase) -> None:
        team = purchase.team
        lines = [
            {"description": text, "quantity": count, "unit": "pcs", "estimated_unit_price": price}
            for text, count, price in _LINES
        ]
        needed_by = SystemClock().now().date() + dt.timedelta(days=30)
        body = {"lines": lines, "currency": "USD", "cost_centre": team.cost_centre, "submit": True}
        body |= {"needed_by": needed_by.isoformat(), "accept_duplicate": True}
        purchase.request_id = (await self.call(team.requester, "POST", "/procurement/request", body))["id"]

    async def send_rfq(self, purchase: BenchPurchase) -> None:
        until = SystemClock().now() + dt.timedelta(days=3)
        vendor_ids = [str(vendor.vendor_id) for vendor in purchase.team.vendors]
        body = {"vendor_ids": vendor_ids, "quote_by": until.isoformat()}
        path = f"/procurement/requests/{purchase.request_id}/rfq"
        purchase.rfq = await self.call(purchase.team.officer, "POST", path, body)

    async def quote(self, purchase: BenchPurchase, number: int) -> None:
        valid_until = SystemClock().now().date() + dt.timedelta(days=45)
        prices = (_DEARER[number], "79.50")
        lines = [
            {"rfq_line_id": line["id"], "unit_price": price}
            for line, price in zip(purchase.rfq["lines"], prices, strict=True)
        ]
        body = {"rfq_id": purchase.rfq["id"], "currency": "USD", "lead_time_days": 10, "lines": lines}
        body |= {"valid_until": valid_until.isoformat()}
        await self.call(purchase.team.vendors[number], "POST", "/vendors/quote", body)

    async def approve(self, purchase: BenchPurchase) -> None:
        await self.call(purchase.team.manager, "POST", "/approvals", purchase.approval | {"verb": "approve"})

    async def show(self, purchase: BenchPurchase) -> None:
        found = await self.call(purchase.team.officer, "GET", f"/procurement/requests/{purchase.request_id}")
        purchase.order_id = found["order_id"]

    async def acknowledge(self, purchase: BenchPurchase) -> None:
        path = f"/purchase-orders/{purchase.order_id}/acknowledge"
        order = await self.call(purchase.team.vendors[0], "POST", path, {})
        purchase.order_lines = order["lines"]

    async def receive(self, purchase: BenchPurchase, share: int) -> None:
        """Half of each line."""
        lines = [
            {"line_id": line["id"], "accepted": str(int(float(line["quantity"])) // 2)}
            for line in purchase.order_lines
        ]
        path = f"/purchase-orders/{purchase.order_id}/receipts"
        order = await self.call(purchase.team.requester, "POST", path, {"lines": lines})
        if share == 2 and order["state"] != "completed":
            raise StackError(f"a purchase ended as {order['state']}")


CallStep = Callable[[PurchaseClient, BenchPurchase], Awaitable[None]]

BEFORE_APPROVAL: tuple[tuple[str, CallStep], ...] = (
    ("create", PurchaseClient.create),
    ("rfq", PurchaseClient.send_rfq),
    ("quote 1", lambda client, purchase: client.quote(purchase, 0)),
    ("quote 2", lambda client, purchase: client.quote(purchase, 1)),
    ("quote 3", lambda client, purchase: client.quote(purchase, 2)),
)
AFTER_APPROVAL: tuple[tuple[str, CallStep], ...] = (
    ("approve", PurchaseClient.approve),
    ("show", PurchaseClient.show),
    ("acknowledge", PurchaseClient.acknowledge),
    ("receipt 1", lambda client, purchase: client.receive(purchase, 1)),
    ("receipt 2", lambda client, purchase: client.receive(purchase, 2)),
)


def new_purchases(crew: Crew, count: int) -> list[BenchPurchase]:
    """That many, the teams in turn."""
    return [BenchPurchase(crew.teams[number % len(crew.teams)]) for number in range(count)]


async def wait_for_approval(connection: SqlConnection, lock: asyncio.Lock, purchase: BenchPurchase) -> None:
    """Until the approval service has opened it and asked somebody."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < deadline:
        async with lock:
            row = await connection.fetchrow(_APPROVAL, uuid.UUID(purchase.request_id))
        if row:
            purchase.approval = {"approval_id": str(row["id"]), "expected_version": row["version"]}
            return
        await asyncio.sleep(0.02)
    raise StackError("no approval was opened: is the worker running?")


async def at_once(
    work: Callable[[BenchPurchase], Awaitable[None]], purchases: Sequence[BenchPurchase], clients: int
) -> float:
    """Do something with each purchase, so many at a time; the seconds it took."""
    waiting = list(reversed(purchases))

    async def client() -> None:
        while waiting:
            await work(waiting.pop())

    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(client())
    return time.monotonic() - began


async def ensure_sample(bench: BenchInstallation) -> None:
    """Make one purchase when there is none whose rows pgbench could copy."""
    empty = "SELECT NOT (EXISTS (SELECT 1 FROM idempotency_keys) AND EXISTS (SELECT 1 FROM receipts))"
    if not await bench.connection.fetchval(empty):
        return
    crew = await gather_crew(bench)
    purchase = new_purchases(crew, 1)[0]
    async with bench_session() as web:
        client = PurchaseClient(web, crew)
        for _, step in BEFORE_APPROVAL:
            await step(client, purchase)
        await wait_for_approval(bench.connection, asyncio.Lock(), purchase)
        for _, step in AFTER_APPROVAL:
            await step(client, purchase)
    await bench.wait_until_drained()
