"""``bench verify``: how long ``GET /audit/verify`` takes over the whole log, and whether others are answered meanwhile.

One rule: somebody else's ``GET /me`` is asked for all the time, before the verification and during it, because a
verification that is quick but stops the api helps nobody.
"""

import asyncio
import statistics
import time
from collections.abc import Coroutine, Sequence
from typing import Any

import aiohttp

from stack.bench.bench_installation import BACKGROUND, BenchInstallation
from stack.bench.crew import ChatTokens
from stack.bench.purchase_calls import bench_session
from stack.bench.report import BenchReport, ResultTable
from stack.bench.row_writes import PURCHASE, measure_rows, rows_table
from stack.demo import company
from stack.errors import StackError

PAUSE_SECONDS = 0.02
ALONE_SECONDS = 5.0
_EVENTS = "SELECT count(*) FROM audit_events WHERE position IS NOT NULL"


async def measure_verify(bench: BenchInstallation, *, short: bool) -> BenchReport:
    """Wall and CPU time per event, the answers of others, and the same rows written by pgbench."""
    tokens = ChatTokens.of(bench)
    auditor = await asyncio.to_thread(tokens.exchange, _chat("auditor"))
    other = await asyncio.to_thread(tokens.exchange, _chat("requester"))
    events = await bench.connection.fetchval(_EVENTS)
    async with bench_session(1800) as web:
        caller = _Caller(web, bench.installed.url("api"))
        with bench.holding(*BACKGROUND):
            alone = await _answers_until(caller, other, asyncio.sleep(ALONE_SECONDS))
            before, began = bench.read_cpu(), time.monotonic()
            verifying = _verify(caller, auditor)
            meanwhile = await _answers_until(caller, other, verifying)
            seconds = time.monotonic() - began
            span = bench.read_cpu().since(before)
            limit = await measure_rows(bench, PURCHASE, 400 if short else 1600)
    cpu_seconds = span.milliseconds("api", "postgres") / 1000
    p99_alone, p99 = _p99(alone), _p99(meanwhile)
    figures = {
        "events": float(events),
        "seconds": seconds,
        "seconds_per_million": seconds / events * 1e6,
        "cpu_us_per_event": cpu_seconds / events * 1e6,
        "p99_ms_me_alone": p99_alone,
        "p99_ms_me_meanwhile": p99,
        "pgbench_cpu_ms": limit.cpu_ms,
    }
    verified = ("GET /audit/verify", events, seconds, figures["cpu_us_per_event"])
    return BenchReport(
        "verify",
        (
            ResultTable("the whole log", ("call", "events", "seconds", "CPU µs per event"), [verified]),
            ResultTable(
                "GET /me of somebody else",
                ("when", "calls", "p99 ms", "slowest ms"),
                [
                    ("before", len(alone), p99_alone, max(alone)),
                    ("meanwhile", len(meanwhile), p99, max(meanwhile)),
                ],
            ),
            rows_table(limit.row("a whole purchase")),
        ),
        figures,
    )


class _Caller:
    """Two calls, by whoever has the token."""

    def __init__(self, web: aiohttp.ClientSession, api: str) -> None:
        self._web = web
        self._api = api

    async def get(self, path: str, token: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        async with self._web.get(f"{self._api}{path}", headers=headers) as answer:
            content: dict[str, Any] = await answer.json()
            if answer.status >= 300:
                raise StackError(f"GET {path}: {answer.status} {content}")
            return content


def _chat(key: str) -> str:
    return str(next(person.telegram for person in company.PEOPLE if person.key == key))


async def _verify(caller: _Caller, token: str) -> None:
    answer = await caller.get("/audit/verify", token)
    if not answer["ok"]:
        raise StackError(f"the log does not verify: {answer}")


async def _answers_until(caller: _Caller, token: str, work: Coroutine[Any, Any, None]) -> Sequence[float]:
    """The milliseconds of each GET /me while the work goes on."""
    found: list[float] = []
    async with asyncio.TaskGroup() as group:
        task = group.create_task(work)
        while not task.done():
            began = time.monotonic()
            await caller.get("/me", token)
            found.append((time.monotonic() - began) * 1000)
            await asyncio.sleep(PAUSE_SECONDS)
    return found


def _p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[98] if len(values) > 1 else values[0]
