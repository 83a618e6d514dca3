"""What breaks first when purchases grow: measured figures of one purchase, taken to a year and through a busy day.

    ./parley bench cycle --json > cycle.json
    .venv/bin/python -m stack.bench.growth                  the table of docs/scale.md, by docs/bench/growth.json
    .venv/bin/python -m stack.bench.growth cycle.json       by figures of your own

One rule: a figure is measured, or it is written in ``growth.json`` with where it comes from; nothing is guessed here.

The day is simulated second by second: purchases come at random (Poisson) along an office's hours, each part is one
queue with as many cores as it needs (a process of ours is one event loop, so it uses one), and what is not done waits.
A part is enough when 99 of 100 seconds of work wait less than a second.
"""

import json
import math
import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FIGURES = Path(__file__).parents[2] / "docs" / "bench" / "growth.json"
WORKING_DAYS = 250
HOURS = (0, 0, 0, 0, 0, 0, 1, 4, 9, 13, 12, 9, 6, 9, 12, 11, 8, 4, 1, 1, 0, 0, 0, 0)
"""Parts in a hundred of a day's purchases, by hour: two peaks, as requests at offices have them."""
BUSY_DAY = 3.0
"""Times the average working day: the last one of a budget's year."""
LONGEST_WAIT_SECONDS = 1.0
MOST_PROCESSES = 64
SEED = 16


@dataclass(frozen=True)
class PurchaseCost:
    """CPU milliseconds by part, and bytes on disk, of one purchase; rows of the two largest tables."""

    cpu_ms: Mapping[str, float]
    disk_bytes: float
    events: float
    deliveries: float

    @classmethod
    def measured(cls, stored: Mapping[str, float], cycle: Mapping[str, float]) -> "PurchaseCost":
        """From a report of ``bench cycle``; the bytes are those of docs/bench."""
        rest = cycle["cpu_ms"] - cycle["cpu_ms_worker"] - cycle["cpu_ms_postgres"]
        of_one = {
            "worker": cycle["cpu_ms_worker"],
            "api, relay and bots": rest,
            "postgres": cycle["cpu_ms_postgres"],
        }
        return cls(
            {part: cpu_ms * stored["reading_times_writing"] for part, cpu_ms in of_one.items()},
            stored["disk_bytes_per_purchase"],
            cycle["events"],
            cycle["deliveries"],
        )


@dataclass(frozen=True)
class PartLoad:
    """One part on a busy day: how many cores it needs, and how full they are in the busiest minute."""

    part: str
    processes: int
    busiest_minute: float
    longest_wait: float
    """Seconds that 99 of 100 seconds of work wait at most."""


def busy_day(per_day: float, rng: random.Random) -> Iterator[int]:
    """How many purchases begin in each second."""
    for share in HOURS:
        rate = per_day * share / 100 / 3600
        for _ in range(3600):
            yield _poisson(rate, rng)


def _poisson(rate: float, rng: random.Random) -> int:
    """Knuth's way for a small rate, the normal distribution for a large one."""
    if rate > 30:
        return max(0, round(rng.gauss(rate, math.sqrt(rate))))
    limit, count, product = math.exp(-rate), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def load_of(part: str, arrivals: list[int], cpu_ms: float) -> PartLoad:
    """The fewest processes with which the part keeps up."""
    for processes in range(1, MOST_PROCESSES + 1):
        waits, minutes = _queue(arrivals, cpu_ms / 1000, processes)
        if waits <= LONGEST_WAIT_SECONDS:
            return PartLoad(part, processes, minutes, waits)
    return PartLoad(part, MOST_PROCESSES, minutes, waits)


def _queue(arrivals: list[int], seconds: float, cores: int) -> tuple[float, float]:
    """The wait that 99 of 100 seconds with work stay below, and the share of the cores in the busiest minute."""
    backlog, waits, minute, busiest = 0.0, [], 0.0, 0.0
    for number, count in enumerate(arrivals):
        if count:
            waits.append(backlog / cores)
        work = backlog + count * seconds
        done = min(work, float(cores))
        backlog = work - done
        minute += done
        if number % 60 == 59:
            busiest, minute = max(busiest, minute / 60 / cores), 0.0
    waits.sort()
    return (waits[int(len(waits) * 0.99)] if waits else 0.0), busiest


def table(cost: PurchaseCost, purchases_a_year: int) -> list[str]:
    """The lines of docs/scale.md for so many purchases."""
    rng = random.Random(SEED)
    arrivals = list(busy_day(purchases_a_year / WORKING_DAYS * BUSY_DAY, rng))
    parts = [load_of(part, arrivals, cpu_ms) for part, cpu_ms in cost.cpu_ms.items()]
    cells = [f"{each.processes} at {each.busiest_minute:.0%}" for each in parts]
    disk = cost.disk_bytes * purchases_a_year / 1e9
    rows = (cost.events + cost.deliveries) * purchases_a_year / 1e6
    return [f"| {purchases_a_year:,} | {' | '.join(cells)} | {disk:,.1f} GB | {rows:,.1f} million |"]


def main(arguments: list[str]) -> int:
    stored = json.loads(FIGURES.read_text(encoding="utf-8"))
    cycle = json.loads(Path(arguments[0]).read_text())["figures"] if arguments else stored["cycle"]
    cost = PurchaseCost.measured(stored, cycle)
    parts = " | ".join(cost.cpu_ms)
    print(f"| purchases a year | {parts} | disk a year | events and deliveries a year |")
    print("| --- " * (len(cost.cpu_ms) + 3) + "|")
    for count in stored["purchases_a_year"]:
        print("\n".join(table(cost, count)))
    total = sum(cost.cpu_ms.values())
    each = stored["installations"]["purchases_a_year"] * total / 1000 / (365 * 86_400)
    count = stored["installations"]["count"]
    idle = stored["installations"]["idle_core_share"]
    memory = stored["installations"]["memory_mb"] * count / 1000
    print(
        f"\n{count:,} installations of {stored['installations']['purchases_a_year']:,} purchases a year: "
        f"{count * (each + idle):.1f} cores on average, {count * idle:.1f} of them idling; {memory:,.0f} GB of memory."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
