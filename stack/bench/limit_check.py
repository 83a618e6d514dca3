"""What a later commit may cost: the stored figures, and a third more.

    {"calls": {"cpu_ratio_to_pgbench": 30.0, "statements": 210.0, ...}}

One rule: only counts and ratios taken in one run have limits, never times.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from stack.bench.report import BenchReport
from stack.errors import StackError

MOST_RISE = 4 / 3


def read_limits(file: Path, measurement: str) -> Mapping[str, float]:
    """The stored figures of one measurement."""
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return {name: float(value) for name, value in stored[measurement].items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise StackError(f"{file} cannot be read: {error}") from None
    except KeyError:
        raise StackError(f"{file} has no figures of '{measurement}'") from None


def exceeded(figures: Mapping[str, float], limits: Mapping[str, float]) -> list[str]:
    """A sentence for each figure that rose by more than a third, or that is not measured any more."""
    found = []
    for name, stored in limits.items():
        if name not in figures:
            found.append(f"{name} is not measured any more")
        elif figures[name] > stored * MOST_RISE:
            found.append(f"{name} is {figures[name]:.1f}, more than a third above {stored:.1f}")
    return found


def check(report: BenchReport, file: Path) -> list[str]:
    """What this report has exceeded."""
    return exceeded(report.figures, read_limits(file, report.measurement))
