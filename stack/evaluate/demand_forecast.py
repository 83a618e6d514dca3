"""How good the ranges of demand are: the last 12 months held out, everything before known.

One rule: a forecast of zero and "the same month of last year" stand beside ours; a figure without them says little.
"""

import csv
import datetime as dt
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from core.demand import collecting
from core.demand.model import MonthDemand
from core.forecasts import forecasting, method
from core.forecasts.method import YEAR, Flags, Matrix
from core.insights.states import Feature
from core.kernel.clock import SystemClock
from core.people import directory
from core.uow import Uow
from stack.evaluate.figure import Figure
from stack.evaluate.scms import HistoryLine, read_scms
from stack.evaluate.synthetic import synthetic_lines

CARPARTS_FILE = "carparts_monthly.csv"
DECILES = tuple(round(number / 10, 1) for number in range(1, 10))
MIDDLE, HIGH = 0.5, 0.9
WINDOW = "last 12 months held out"
SCMS_UNTIL = dt.date(2015, 9, 1)
"""What was promised later is in the file only in part."""
SCMS_STILL_ASKED_FOR = 18
MANY = 10_000
MANY_MONTHS = 48


ItemOf = Callable[[HistoryLine], str]


@dataclass(frozen=True)
class DemandMarks:
    """What a data set must reach, and where the aim is; None: it is shown only."""

    loss: float | None = None
    loss_aim: float | None = None
    high_loss: float | None = None
    error: float | None = None
    cover: float | None = None
    """How far from 90 of 100 the high end of a year may be."""
    cover_aim: float | None = None


@dataclass(frozen=True)
class SplitSeries:
    """Series with their last 12 months apart."""

    name: str
    known: Matrix
    came: Matrix


def measure(data: Path | None) -> list[Figure]:
    """The real files in this folder; without one, a small history that is made."""
    if data is None:
        lines = synthetic_lines()
        until = max(line.ordered_on for line in lines if line.ordered_on is not None)
        made = _split_lines("synthetic", lines, until.replace(day=1), lambda line: line.item)
        return _figures(made, DemandMarks(loss=0.75, error=0.45, cover=0.1))
    carparts = DemandMarks(0.893, 0.880, 0.235, 0.725, 0.05, 0.02)
    scms = DemandMarks(high_loss=0.155, error=0.725, cover=0.05, cover_aim=0.02)
    return [
        *_figures(read_carparts(data), carparts),
        *_figures(scms_series(read_scms(data)), scms),
        speed(),
    ]


async def measure_history(uow: Uow) -> list[Figure]:
    """This installation's own items; nothing when there are fewer than two years of them."""
    organisation = await directory.read_organisation(uow.connection)
    now = SystemClock().now()
    until = now.astimezone(ZoneInfo(organisation.zone)).date().replace(day=1)
    demand = await collecting.months(uow.connection, until, now)
    history = forecasting.history_of(demand, until)
    if history is None or history.months.shape[1] < 2 * YEAR:
        return []
    known = history.months[:, :-YEAR]
    kept = method.live(known)
    split = SplitSeries("own history", known[kept], history.months[kept][:, -YEAR:])
    return _figures(split, DemandMarks()) if kept.any() else []


def read_carparts(folder: Path) -> SplitSeries:
    """The parts whose 51 months are all known."""
    with (folder / CARPARTS_FILE).open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    months = np.array([[_number(cell) for cell in row[1:]] for row in rows]).T
    whole = months[~np.isnan(months).any(axis=1)]
    return SplitSeries("carparts", whole[:, :-YEAR], whole[:, -YEAR:])


def _number(cell: str) -> float:
    return float(cell) if cell and cell != "NA" else float("nan")


def scms_series(lines: Iterable[HistoryLine], until: dt.date = SCMS_UNTIL) -> SplitSeries:
    """A medicine or test in a country, by the month in which it was promised."""
    return _split_lines("scms", lines, until, lambda line: f"{line.molecule} in {line.place}")


def _split_lines(name: str, lines: Iterable[HistoryLine], until: dt.date, item_of: ItemOf) -> SplitSeries:
    demand = [
        MonthDemand(item_of(line), line.promised_on.replace(day=1), Decimal(line.quantity)) for line in lines
    ]
    history = forecasting.history_of(demand, until)
    if history is None:
        raise ValueError(f"{name} has no demand")
    known = history.months[:, :-YEAR]
    kept: Flags = ((known > 0).sum(axis=1) >= method.ACTIVE_MONTHS) & (
        known[:, -SCMS_STILL_ASKED_FOR:].sum(axis=1) > 0
    )
    return SplitSeries(name, known[kept], history.months[kept][:, -YEAR:])


def _figures(split: SplitSeries, marks: DemandMarks) -> list[Figure]:
    started = time.perf_counter()
    monthly, yearly = forecast_year(split)
    seconds = time.perf_counter() - started
    total = split.came.sum(axis=1)
    covered = float((total <= yearly[:, 1]).mean())
    last_year = split.known[:, -YEAR:]
    naive = np.repeat(last_year[:, :, None], len(DECILES), axis=2)

    def figure(name: str, value: float, must: float | None = None, aim: float | None = None) -> Figure:
        return Figure(
            name=name,
            feature=Feature.demand.value,
            dataset=split.name,
            value=value,
            must=must,
            aim=aim,
            better="lower",
            n=len(split.known),
            window=WINDOW,
            seconds=seconds,
        )

    return [
        figure("quantile loss", weighted_loss(split.came, monthly), marks.loss, marks.loss_aim),
        figure("quantile loss of zeros", weighted_loss(split.came, np.zeros_like(monthly))),
        figure("quantile loss of the same month last year", weighted_loss(split.came, naive)),
        figure("P90 loss, 12 months", _loss(total, yearly[:, 1], HIGH), marks.high_loss),
        figure("P90 loss of zeros, 12 months", _loss(total, np.zeros_like(total), HIGH)),
        figure("share of 12-month totals above P90", 1 - covered),
        figure("distance of P90's coverage from .90", abs(covered - HIGH), marks.cover, marks.cover_aim),
        figure("error of P50, 12 months", 2 * _loss(total, yearly[:, 0], MIDDLE), marks.error),
        figure("error of last year again, 12 months", 2 * _loss(total, last_year.sum(axis=1), MIDDLE)),
    ]


def forecast_year(split: SplitSeries) -> tuple[Matrix, Matrix]:
    """Deciles of each held-out month ``(items, months, deciles)``, and P50 and P90 of their sum ``(items, 2)``."""
    compared = method.moments(split.known, YEAR)
    numbers = np.array([method.name_number(f"{split.name} {row}") for row in range(len(split.known))])
    monthly = np.empty((*split.came.shape, len(DECILES)))
    yearly = np.empty((len(split.known), 2))
    for piece in method.in_pieces(len(split.known)):
        drawn = method.paths(split.known[piece], numbers[piece], compared, YEAR)
        any_month = drawn.reshape(len(drawn), -1)
        monthly[piece] = method.quantiles(any_month, DECILES)[:, None, :]
        yearly[piece] = method.quantiles(drawn.sum(axis=1), (MIDDLE, HIGH))
    return monthly, yearly


def weighted_loss(came: Matrix, said: Matrix) -> float:
    """The mean over the deciles of twice the pinball loss, as a share of all demand; zeros have 1."""
    losses = [_loss(came, said[..., place], level) for place, level in enumerate(DECILES)]
    return 2 * float(np.mean(losses))


def _loss(came: Matrix, said: Matrix, level: float) -> float:
    return float(method.pinball(came, said, level).sum() / came.sum())


def speed() -> Figure:
    """All that a night's run works out for very many items, each with its held-out quarters."""
    random = np.random.default_rng(method.SEED)
    pace = random.gamma(0.6, 1.5, (MANY, 1)) * random.gamma(1.0, 1.0, (MANY, MANY_MONTHS))
    names = tuple(f"{number:05}" for number in range(MANY))
    history = forecasting.DemandHistory(names, dt.date(2020, 1, 1), random.poisson(pace).astype(np.float64))
    groups = forecasting.grouped(history, {name: name[-2:] for name in names}, dict.fromkeys(names, 1.0))
    started = time.perf_counter()
    found = forecasting.outlooks(history, groups, dict.fromkeys(names, 20.0))
    seconds = time.perf_counter() - started
    return Figure(
        name="seconds for 10,000 items",
        feature=Feature.demand.value,
        dataset="made",
        value=seconds,
        must=15.0,
        aim=7.5,
        better="lower",
        n=len(found.items),
        window=f"{MANY_MONTHS} months",
        seconds=seconds,
    )
