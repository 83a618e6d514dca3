"""``./parley bench``: runs one measurement, prints it, and compares it with the stored limits.

One rule: a measurement is a row of the table below and a module of its own.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from stack.bench.bench_installation import BenchInstallation, BenchOptions, running
from stack.bench.fill.fill_database import fill
from stack.bench.limit_check import check
from stack.bench.measure_calls import measure_calls
from stack.bench.measure_cycle import measure_cycle
from stack.bench.measure_deliveries import measure_deliveries
from stack.bench.measure_events import measure_events
from stack.bench.measure_pages import measure_pages
from stack.bench.measure_scale import measure_scale
from stack.bench.measure_start import measure_start
from stack.bench.measure_verify import measure_verify
from stack.bench.progress import say
from stack.bench.purchase_calls import ensure_sample
from stack.bench.report import BenchReport
from stack.errors import StackError
from stack.paths import Paths

LIMITS = "docs/bench/limits.json"
_SMALL = BenchOptions()
_FILLED = BenchOptions(filled=True)
_WITH_RECEIVER = BenchOptions(filled=True, receiver=True)


@dataclass(frozen=True)
class Measurement:
    """One row: what is run, and the installation it wants."""

    run: Callable[[BenchInstallation, argparse.Namespace], Awaitable[BenchReport]]
    options: BenchOptions


MEASUREMENTS: Mapping[str, Measurement] = {
    "cycle": Measurement(lambda bench, args: measure_cycle(bench, short=args.short), _SMALL),
    "calls": Measurement(lambda bench, args: measure_calls(bench, short=args.short), _SMALL),
    "events": Measurement(lambda bench, args: measure_events(bench, short=args.short), _WITH_RECEIVER),
    "deliveries": Measurement(
        lambda bench, args: measure_deliveries(bench, short=args.short), _WITH_RECEIVER
    ),
    "fill": Measurement(lambda bench, args: fill(bench, args.count), _FILLED),
    "scale": Measurement(lambda bench, args: measure_scale(bench, short=args.short), _FILLED),
    "pages": Measurement(lambda bench, args: measure_pages(bench, short=args.short), _FILLED),
    "verify": Measurement(lambda bench, args: measure_verify(bench, short=args.short), _FILLED),
}
"""``start`` is not here, because it starts and stops the installation itself."""


def bench(paths: Paths, args: argparse.Namespace) -> int:
    """Run a measurement and print what it found; 1 when ``--check`` finds a limit exceeded."""
    if (args.measurement == "fill") != (args.count is not None):
        raise StackError(
            "type './parley bench fill N' with a number of requests, and no number with anything else"
        )
    try:
        report = asyncio.run(_measure(paths, args))
    except ExceptionGroup as group:
        raise first_of(group) from None
    print(report.as_json() if args.json else report.as_text())
    risen = check(report, paths.root / LIMITS) if args.check else []
    for line in risen:
        print(f"parley: {line}", file=sys.stderr)
    return 1 if risen else 0


def first_of(group: ExceptionGroup[Exception]) -> Exception:
    """What went wrong first among things done at once."""
    first = group.exceptions[0]
    return first_of(first) if isinstance(first, ExceptionGroup) else first


async def _measure(paths: Paths, args: argparse.Namespace) -> BenchReport:
    if args.measurement == "start":
        return await measure_start(paths, BenchOptions(), short=args.short)
    measurement = MEASUREMENTS[args.measurement]
    async with running(paths, measurement.options) as installation:
        say("making a purchase when there is none yet")
        await ensure_sample(installation)
        return await measurement.run(installation, args)
