"""From monthly demand to ranges per item and category, each measured on quarters that it had not seen.

One rule: what could not beat "the same as last time" on held-out months says nothing.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from core.demand.model import Ahead, HeldOut, MonthDemand, Outlook, QuantityRange, Silence
from core.forecasts import method
from core.forecasts.method import MONTH, QUARTER, Matrix, Numbers

LEVELS = (0.1, 0.5, 0.9)
P50, P90 = LEVELS[1:]
AHEAD = {Ahead.month: MONTH, Ahead.quarter: QUARTER}
FIRST_MONTHS = 9
"""With a shorter history nothing is said at all."""
PAST_LEAST = 5
"""A held-out forecast was made from at least so many months."""
HELD_OUT = (3, 6, 9, 12)
"""So many months ago the held-out forecasts were made."""
HELD_OUT_LEAST = 2
LONGEST_LEAD_MONTHS = 6
DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True)
class DemandHistory:
    """Demand by item, a row each in the order of their names, and by whole month since ``first``."""

    names: tuple[str, ...]
    first: dt.date
    months: Matrix

    @property
    def last_month(self) -> dt.date:
        return months_after(self.first, self.months.shape[1] - 1)


def months_after(month: dt.date, count: int) -> dt.date:
    """The first day of the month so many months later."""
    years, index = divmod(month.year * 12 + month.month - 1 + count, 12)
    return dt.date(years, index + 1, 1)


def month_number(month: dt.date) -> int:
    return month.year * 12 + month.month


def history_of(demand: Iterable[MonthDemand], until: dt.date) -> DemandHistory | None:
    """Demand of whole months before the month of ``until``, months without any filled with 0; None without any."""
    sums: dict[tuple[str, int], Decimal] = {}
    end = month_number(until)
    for each in demand:
        at = month_number(each.month)
        if at < end:
            sums[each.item, at] = sums.get((each.item, at), Decimal(0)) + each.quantity
    if not sums:
        return None
    begin = min(at for _, at in sums)
    names = tuple(sorted({name for name, _ in sums}))
    rows = {name: row for row, name in enumerate(names)}
    months = np.zeros((len(names), end - begin))
    for (name, at), quantity in sums.items():
        months[rows[name], at - begin] = float(quantity)
    return DemandHistory(names, months_after(dt.date(1, 1, 1), begin - 13), months)


@dataclass(frozen=True)
class Ranges:
    """Quantiles per row and horizon, ``(rows, horizons, levels)``: of the items, and of their groups together."""

    items: Matrix
    groups: Matrix


@dataclass(frozen=True)
class ItemGroups:
    """Which group each item counts to, -1: none; and what one of it counts there, such as its price."""

    names: tuple[str, ...]
    of: Numbers
    worth: Matrix

    def total(self, values: Matrix) -> Matrix:
        """The values of the items of each group, added by their worth."""
        order = np.argsort(self.of, kind="stable")[np.count_nonzero(self.of < 0) :]
        total = np.zeros((len(self.names), *values.shape[1:]))
        if len(order):
            there, starts = np.unique(self.of[order], return_index=True)
            worth = self.worth[order].reshape(-1, *(1 for _ in values.shape[1:]))
            total[there] = np.add.reduceat(values[order] * worth, starts, axis=0)
        return total


def grouped(history: DemandHistory, group_of: Mapping[str, str], worth: Mapping[str, float]) -> ItemGroups:
    """Items with a group and a worth; the others are in no group."""
    known = [name in group_of and name in worth for name in history.names]
    names = tuple(sorted({group_of[name] for name, kept in zip(history.names, known, strict=True) if kept}))
    place = {name: number for number, name in enumerate(names)}
    of = [place[group_of[name]] if kept else -1 for name, kept in zip(history.names, known, strict=True)]
    values = [worth[name] if kept else 0.0 for name, kept in zip(history.names, known, strict=True)]
    return ItemGroups(names, np.array(of, dtype=np.intp), np.array(values, dtype=np.float64))


@dataclass(frozen=True)
class AskedItems:
    """The rows of a history that a forecast is about; what they are compared with is all of it."""

    months: Matrix
    rows: Numbers
    numbers: Numbers
    groups: ItemGroups

    def before(self, back: int) -> "AskedItems":
        """The same, so many months ago."""
        return replace(self, months=self.months[:, : self.months.shape[1] - back])

    @property
    def own(self) -> Matrix:
        return self.months[self.rows]


def asked_of(history: DemandHistory, groups: ItemGroups, rows: Numbers | None = None) -> AskedItems:
    """These rows of a history, all of them without; ``groups`` are of all rows."""
    rows = np.arange(len(history.names)) if rows is None else rows
    numbers = np.array([method.name_number(history.names[row]) for row in rows], dtype=np.intp)
    return AskedItems(
        history.months, rows, numbers, ItemGroups(groups.names, groups.of[rows], groups.worth[rows])
    )


def ranges(asked: AskedItems) -> Ranges:
    """What the next month and the next quarter may need."""
    compared = method.moments(asked.months, QUARTER)
    own, groups = asked.own, asked.groups
    items = np.empty((len(own), len(AHEAD), len(LEVELS)))
    together = np.zeros((len(groups.names), len(AHEAD), method.draws_of(compared)))
    for piece in method.in_pieces(len(own)):
        drawn = method.paths(own[piece], asked.numbers[piece], compared, QUARTER)
        part = ItemGroups(groups.names, groups.of[piece], groups.worth[piece])
        for place, count in enumerate(AHEAD.values()):
            totals = drawn[:, :count].sum(axis=1)
            items[piece, place] = method.quantiles(totals, LEVELS)
            together[:, place] += part.total(totals)
    return Ranges(
        items,
        np.stack([method.quantiles(together[:, place], LEVELS) for place in range(len(AHEAD))], axis=1),
    )


@dataclass(frozen=True)
class Losses:
    """What forecasts of held-out months lost, ``(rows, horizons)``, and how often they held."""

    ours: Matrix
    last: Matrix
    within: Matrix
    origins: int

    def of(self, row: int) -> list[HeldOut]:
        """Those of one row, by horizon."""
        return [
            HeldOut(
                ours=float(self.ours[row, place]),
                last=float(self.last[row, place]),
                within=int(self.within[row, place]),
                origins=self.origins,
            )
            for place in range(len(AHEAD))
        ]


def held_out(asked: AskedItems) -> tuple[Losses, Losses]:
    """Losses of the items and of the groups, against repeating the last month or quarter."""
    own, groups = asked.own, asked.groups
    shapes = ((len(own), len(AHEAD)), (len(groups.names), len(AHEAD)))
    ours, last, within = ([np.zeros(shape) for shape in shapes] for _ in range(3))
    origins = [back for back in HELD_OUT if own.shape[1] - back >= PAST_LEAST]
    for back in origins:
        said = ranges(asked.before(back))
        for place, count in enumerate(AHEAD.values()):
            start = own.shape[1] - back
            actual = own[:, start : start + count].sum(axis=1)
            before = own[:, start - count : start].sum(axis=1)
            pairs = ((actual, before), (groups.total(actual), groups.total(before)))
            for kind, (came, repeated) in enumerate(pairs):
                quantiles = (said.items, said.groups)[kind][:, place]
                ours[kind][:, place] += _loss(came, quantiles[:, 1], quantiles[:, 2])
                last[kind][:, place] += _loss(came, repeated, repeated)
                within[kind][:, place] += came <= quantiles[:, 2]
    items, together = (
        Losses(ours[kind], last[kind], within[kind], len(origins)) for kind in range(len(shapes))
    )
    return items, together


def _loss(actual: Matrix, middle: Matrix, high: Matrix) -> Matrix:
    return method.pinball(actual, middle, P50) + method.pinball(actual, high, P90)


def lead_needs(asked: AskedItems, leads: Matrix) -> Matrix:
    """What is needed while an order is on its way, in 9 of 10 cases; ``leads`` in months, each above 0."""
    compared, own = method.moments(asked.months, LONGEST_LEAD_MONTHS), asked.own
    found = np.empty(len(own))
    for piece in method.in_pieces(len(own)):
        drawn = method.paths(own[piece], asked.numbers[piece], compared, LONGEST_LEAD_MONTHS)
        found[piece] = method.quantiles(method.whole_and_part(drawn, leads[piece]), (P90,))[:, 0]
    return found


@dataclass(frozen=True)
class Outlooks:
    items: tuple[Outlook, ...]
    groups: tuple[Outlook, ...]


def outlooks(
    history: DemandHistory, groups: ItemGroups, lead_days: Mapping[str, float], rows: Numbers | None = None
) -> Outlooks:
    """What can be said of each item and each group.

    With ``rows`` only those are worked out, and of the groups those that have all their items among them are right.
    """
    asked = asked_of(history, groups, rows)
    names = [history.names[row] for row in asked.rows]
    own, totals = asked.own, asked.groups.total(asked.own)
    if own.shape[1] < FIRST_MONTHS:
        return Outlooks(
            tuple(_silent(name, own[row], Silence.young) for row, name in enumerate(names)),
            tuple(_silent(name, totals[row], Silence.young) for row, name in enumerate(groups.names)),
        )
    said = ranges(asked)
    lost, lost_together = held_out(asked)
    needs = _needs(history, asked, lead_days)
    live = method.live(own)
    items = tuple(
        _with_reorder(_outlook(name, own[row], said.items[row], lost.of(row)), own[row], needs.get(name))
        if live[row]
        else _silent(name, own[row], _why(own[row]))
        for row, name in enumerate(names)
    )
    together = tuple(
        _outlook(name, totals[row], said.groups[row], lost_together.of(row))
        for row, name in enumerate(groups.names)
    )
    return Outlooks(items, together)


def _needs(history: DemandHistory, asked: AskedItems, lead_days: Mapping[str, float]) -> Mapping[str, float]:
    """What is needed while an order is on its way, of the items whose vendor's time is known and not too long."""
    days = np.array([lead_days.get(history.names[row], 0.0) for row in asked.rows])
    kept = np.flatnonzero((days > 0) & (days / DAYS_PER_MONTH <= LONGEST_LEAD_MONTHS))
    if not len(kept):
        return {}
    about = asked_of(
        history,
        ItemGroups((), np.full(len(history.names), -1), np.zeros(len(history.names))),
        asked.rows[kept],
    )
    found = lead_needs(about, days[kept] / DAYS_PER_MONTH)
    return {history.names[row]: need for row, need in zip(about.rows, found.tolist(), strict=True)}


def _why(months: Matrix) -> Silence:
    return Silence.few if (months > 0).sum() < method.ACTIVE_MONTHS else Silence.asleep


def _in_wholes(months: Matrix) -> bool:
    """Whether only whole pieces were ever needed."""
    return bool((months == np.rint(months)).all())


def _silent(name: str, months: Matrix, why: Silence) -> Outlook:
    return Outlook(name, *_so_far(months), why)


def _so_far(months: Matrix) -> tuple[int, int, float]:
    """How many months had demand, of all and of the last 12, and what those 12 needed."""
    year = months[-method.YEAR :]
    return int((months > 0).sum()), int((year > 0).sum()), float(year.sum())


def _with_reorder(found: Outlook, months: Matrix, need: float | None) -> Outlook:
    if need is None or Ahead.quarter not in found.ranges:
        return found
    return replace(found, reorder=float(np.ceil(need)) if _in_wholes(months) else need)


def _outlook(name: str, months: Matrix, quantiles: Matrix, lost: Sequence[HeldOut]) -> Outlook:
    proofs = dict(zip(AHEAD, lost, strict=True))
    shown = {
        ahead: _range(quantiles[place], whole=_in_wholes(months))
        for place, ahead in enumerate(AHEAD)
        if proofs[ahead].beats
    }
    why = None if shown else Silence.no_better
    return Outlook(name, *_so_far(months), why, shown, proofs)


def _range(quantiles: Matrix, *, whole: bool) -> QuantityRange:
    low, middle, high = (float(each) for each in quantiles)
    if whole:
        low, middle, high = float(np.floor(low)), float(np.rint(middle)), float(np.ceil(high))
    return QuantityRange(low, middle, high)
