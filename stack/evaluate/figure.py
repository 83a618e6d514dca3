"""One measured figure: what was measured on what, and what it must reach.

One rule: a figure says its n, its window and its time; without them it proves nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Better = Literal["higher", "lower"]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """``must`` None: it is shown and holds nobody to anything; ``aim`` is where work goes on."""

    name: str
    feature: str
    dataset: str
    value: float
    must: float | None = None
    aim: float | None = None
    better: Better = "higher"
    n: int
    window: str
    seconds: float = 0.0

    def reaches(self, mark: float | None) -> bool:
        if mark is None:
            return True
        return self.value >= mark if self.better == "higher" else self.value <= mark

    @property
    def missed(self) -> bool:
        """Whether the floor is missed."""
        return not self.reaches(self.must)


@dataclass(frozen=True)
class FigureColumn:
    """A column of the printed table: its head, and which way its cells stand."""

    head: str
    right: bool = True


COLUMNS = (
    FigureColumn("figure", right=False),
    FigureColumn("data", right=False),
    FigureColumn("value"),
    FigureColumn("must"),
    FigureColumn("aim"),
    FigureColumn("n"),
    FigureColumn("window", right=False),
    FigureColumn("s"),
    FigureColumn("", right=False),
)


def as_text(figures: Iterable[Figure]) -> str:
    """A table for people, one row per figure, with a heading per feature."""
    by_feature: dict[str, list[Figure]] = {}
    for figure in figures:
        by_feature.setdefault(figure.feature, []).append(figure)
    return "\n\n".join(
        f"{feature}\n{_table([_cells(figure) for figure in rows])}" for feature, rows in by_feature.items()
    )


def _cells(figure: Figure) -> tuple[str, ...]:
    verdict = (
        "MISSED" if figure.missed else "aim" if figure.aim is not None and figure.reaches(figure.aim) else ""
    )
    return (
        figure.name,
        figure.dataset,
        _number(figure.value),
        _mark(figure, figure.must),
        _mark(figure, figure.aim),
        f"{figure.n:,}",
        figure.window,
        f"{figure.seconds:.1f}",
        verdict,
    )


def _mark(figure: Figure, mark: float | None) -> str:
    return "" if mark is None else f"{'≥' if figure.better == 'higher' else '≤'} {_number(mark)}"


def _number(value: float) -> str:
    return f"{value:.4f}" if abs(value) < 10 else f"{value:,.1f}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    whole = [[column.head for column in COLUMNS], *rows]
    widths = [max(len(row[number]) for row in whole) for number in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column.right else cell.ljust(width)
            for cell, width, column in zip(row, widths, COLUMNS, strict=True)
        ).rstrip()
        for row in whole
    )
