"""``./parley bench``: runs one measurement, prints it, and compares it with the stored limits.

One rule: a measurement is a row of the table below and a module of its own.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from stack.bench.bench_installation import BenchInstallation, BenchOptions, running
from stack.bench.measure_calls import measure_calls
from stack.bench.measure_cycle import measure_cycle
from stack.bench.report import BenchReport
from stack.paths import Paths


@dataclass(frozen=True)
class Measurement:
    """One row: what is run, and which installation it wants."""

    run: Callable[[BenchInstallation, argparse.Namespace], Awaitable[BenchReport]]
    options: BenchOptions = BenchOptions()


MEASUREMENTS: Mapping[str, Measurement] = {
    "calls": Measurement(lambda bench, args: measure_calls(bench, short=args.short)),
    "cycle": Measurement(lambda bench, args: measure_cycle(bench, short=args.short)),
}


def bench(paths: Paths, args: argparse.Namespace) -> int:
    """Run a measurement and print what it found."""
    report = asyncio.run(_measure(paths, args))
    print(report.as_json() if args.json else report.as_text())
    return 0


async def _measure(paths: Paths, args: argparse.Namespace) -> BenchReport:
    measurement = MEASUREMENTS[args.measurement]
    async with running(paths, measurement.options) as installation:
        return await measurement.run(installation, args)
