"""Whole purchases per second by the API alone, against a running demo: python -m tests.bench.cycles.

    clients  cycles/s  cycle p50 ms  p99 ms  waited for the approval p50 ms

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
from typing import Any

import aiohttp

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
        now = dt.datetime.now(dt.UTC)  # noqa: TID251
        line = {"description": "Laptop 14 inch", "quantity": "3", "unit": "pcs"}
        wanted = {"lines": [line], "currency": "USD", "cost_centre": "OFF", "submit": True}
        wanted |= {"needed_by": str(now.date() + dt.timedelta(days=30))}
        request = await self.call("requester", "POST", "/procurement/request", wanted)
        until = (now + dt.timedelta(days=3)).isoformat()
        asked = {"vendor_ids": [self.vendor_id], "quote_by": until}
        rfq = await self.call("officer", "POST", f"/procurement/requests/{request['id']}/rfq", asked)
        quote = {"rfq_id": rfq["id"], "currency": "USD", "lead_time_days": 10}
        quote |= {"valid_until": str(now.date() + dt.timedelta(days=45))}
        quote |= {"lines": [{"rfq_line_id": rfq["lines"][0]["id"], "unit_price": "1180.00"}]}
        await self.call("vendor", "POST", "/vendors/quote", quote)
        return str(request["id"])

    async def _approval_of(self, request: str) -> str:
        """The worker opens it a moment later."""
        while True:
            found = await self.call("manager", "GET", f"/procurement/requests/{request}")
            if found["approval_id"]:
                return str(found["approval_id"])
            await asyncio.sleep(0.05)


async def measured(shop: Shop, clients: int) -> str:
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
    return f"{clients:7} {rate:9.2f} {spread[49] * 1000:13.0f} {spread[98] * 1000:7.0f} {wait:12.0f}"


def parley(*words: str) -> str:
    done = subprocess.run([sys.executable, "-m", "stack", *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


async def main() -> None:
    api = json.loads(parley("status", "--json"))["api"]
    tokens = {role: parley("token", role) for role in ROLES}
    print(f"{os.cpu_count()} CPUs, load before {os.getloadavg()[0]:.1f}")
    print("clients  cycles/s  cycle p50 ms  p99 ms  waited p50 ms")
    async with aiohttp.ClientSession() as web:
        shop = Shop(web, api, tokens, "")
        shop.vendor_id = str((await shop.call("vendor", "GET", "/me"))["vendor_id"])
        for clients in CLIENTS:
            print(await measured(shop, clients), flush=True)
    print(f"load after {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    asyncio.run(main())
