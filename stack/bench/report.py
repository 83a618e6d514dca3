"""What a measurement gives: tables for people, figures for programs, and the machine they were taken on.

One rule: every figure that a limit or a page compares stands in ``figures`` under a name that does not change.
"""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from core.kernel.clock import SystemClock

Cell = str | int | float


@dataclass(frozen=True)
class ResultTable:
    """One table: its title, its columns and its rows; the first column is text."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class BenchReport:
    """The outcome of one measurement."""

    measurement: str
    tables: Sequence[ResultTable]
    figures: Mapping[str, float]
    notes: Sequence[str] = ()
    at: str = field(default_factory=lambda: SystemClock().now().isoformat(timespec="seconds"))
    machine: Mapping[str, Any] = field(default_factory=lambda: machine())

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)

    def as_text(self) -> str:
        """The tables in columns, then what is to be known about them."""
        head = f"{self.measurement}, {self.at}, {self.machine['cpus']} CPUs, load {self.machine['load']}"
        return "\n\n".join([head, *(_in_columns(table) for table in self.tables), *self.notes])


def machine() -> dict[str, Any]:
    """What figures depend on."""
    return {
        "cpus": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def _in_columns(table: ResultTable) -> str:
    cells = [list(table.columns), *([_shown(cell) for cell in row] for row in table.rows)]
    widths = [max(len(row[number]) for row in cells) for number in range(len(table.columns))]
    lines = [
        "  ".join(
            cell.ljust(width) if number == 0 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    return "\n".join([table.title, *(f"  {line}" for line in lines)])


def _shown(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 1000 else f"{cell:.1f}" if abs(cell) >= 10 else f"{cell:.2f}"
    return f"{cell:,}" if isinstance(cell, int) else cell
