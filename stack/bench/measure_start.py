"""``bench start``: a warm ``up``, and what every part uses when nobody asks for anything.

One rule: the start is warm: the folder is there and the demo company is filled, as on every day but the first.
"""

import asyncio
import time
from pathlib import Path

from stack.bench import cpu
from stack.bench.bench_installation import (
    BACKGROUND,
    PARTS,
    BenchInstallation,
    BenchOptions,
    bench_paths,
    run_stack,
    running,
)
from stack.bench.purchase_calls import ensure_sample
from stack.bench.report import BenchReport, ResultTable
from stack.bench.row_writes import PURCHASE, measure_rows, rows_table
from stack.paths import Paths
from stack.supervisor.status_file import read_status

IDLE_SECONDS, IDLE_SECONDS_SHORT = 30.0, 10.0
SETTLING_SECONDS = 10.0


async def measure_start(paths: Paths, options: BenchOptions, *, short: bool) -> BenchReport:
    """Seconds until everything is ready, idle CPU and memory per part."""
    own = bench_paths(paths, options)
    async with running(paths, options) as bench:
        await ensure_sample(bench)
        await bench.wait_until_drained()
    if read_status(own.state).alive:
        await asyncio.to_thread(run_stack, own, options, "down")
    began = time.monotonic()
    await asyncio.to_thread(run_stack, own, options, "up", "--without", "n8n")
    up_seconds = time.monotonic() - began
    try:
        async with running(paths, options) as bench:
            return await _idle(bench, up_seconds, short=short)
    finally:
        await asyncio.to_thread(run_stack, own, options, "down")


async def _idle(bench: BenchInstallation, up_seconds: float, *, short: bool) -> BenchReport:
    services = read_status(bench.paths.state).services
    await asyncio.sleep(SETTLING_SECONDS)
    await bench.wait_until_drained()
    idle = await bench.idle_cpu(IDLE_SECONDS_SHORT if short else IDLE_SECONDS)
    memory = {name: sum(map(tree_pss_mb, pids)) for name, pids in bench.roots.items()}
    with bench.holding(*BACKGROUND):
        limit = await measure_rows(bench, PURCHASE, 400)
    percent = {name: 100 * used / idle.seconds for name, used in idle.parts.items()}
    rows = [(name, services[name].seconds, percent[name], memory[name]) for name in bench.roots]
    total = (
        "all parts",
        up_seconds,
        sum(percent[name] for name in PARTS),
        sum(memory[name] for name in PARTS),
    )
    rows.insert(len(PARTS), total)
    return BenchReport(
        "start",
        (
            ResultTable("a warm start", ("part", "ready after s", "idle % of a core", "PSS MB"), rows),
            rows_table(limit.row("a whole purchase")),
        ),
        {
            "up_seconds": up_seconds,
            "idle_percent": total[2],
            "pss_mb": total[3],
            "pgbench_cpu_ms": limit.cpu_ms,
            **{f"idle_percent_{name}": percent[name] for name in PARTS},
            **{f"pss_mb_{name}": memory[name] for name in PARTS},
        },
    )


def tree_pss_mb(root: int) -> float:
    """The proportional share of memory of a process tree."""
    return sum(_pss_kb(pid) for pid in cpu.tree(root, cpu.process_table())) / 1024


def _pss_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
