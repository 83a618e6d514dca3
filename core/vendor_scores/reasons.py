"""Why a score is what it is: counts that people can check, and what it was before.

One rule: a reason is a key and figures; its sentence is made where it is read.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

import numpy as np

from core.insights.model import ScoreReason
from core.vendor_facts.model import NO_DAY, NO_HOURS
from core.vendor_scores.method import Numbers
from core.vendor_scores.model import WEIGHTS, PartFigure
from core.vendor_scores.states import LEAST_FACTS, ScorePart

RECENT = dt.timedelta(365)
"""What reasons count: the last year, as people remember it."""
Arrays = Mapping[str, Numbers]


def of_vendors(vendor: Numbers) -> Iterator[tuple[int, slice]]:
    """Where each vendor's facts are in columns that are sorted by vendor."""
    numbers, firsts = np.unique(vendor, return_index=True)
    bounds = [*firsts.tolist(), len(vendor)]
    for number, first, last in zip(numbers.tolist(), bounds, bounds[1:], strict=False):
        yield number, slice(first, last)


@dataclass(frozen=True)
class LastYear:
    """One vendor's facts of the last year."""

    deliveries: Arrays
    answers: Arrays
    prices: Arrays


class VendorReasons:
    """What people can check of each vendor, by its number."""

    def __init__(self, day: dt.date, deliveries: Arrays, answers: Arrays, prices: Arrays) -> None:
        first, last = (day - RECENT).toordinal() + 1, day.toordinal()
        self._deliveries = _Recent(deliveries, first, last)
        self._answers = _Recent(answers, first, last)
        self._prices = _Recent(prices, first, last)

    def of(self, vendor: int) -> LastYear:
        return LastYear(self._deliveries.of(vendor), self._answers.of(vendor), self._prices.of(vendor))


class _Recent:
    """The facts of one kind that were known from one day to another."""

    def __init__(self, facts: Arrays, first: int, last: int) -> None:
        chosen = np.flatnonzero((facts["known"] >= first) & (facts["known"] <= last))
        order = chosen[np.argsort(facts["vendor"][chosen], kind="stable")]
        self._facts = {name: column[order] for name, column in facts.items()}
        self._own = dict(of_vendors(self._facts["vendor"]))

    def of(self, vendor: int) -> Arrays:
        own = self._own.get(vendor, slice(0))
        return {name: column[own] for name, column in self._facts.items()}


def reasons_of(
    part: ScorePart,
    known: LastYear,
    parts: Mapping[ScorePart, PartFigure],
    before: Mapping[ScorePart, PartFigure],
) -> tuple[ScoreReason, ...]:
    """What a part rests on, and what it was before."""
    match part:
        case ScorePart.on_time:
            found = _late(known.deliveries)
        case ScorePart.quality:
            arrived = known.deliveries["arrived"] == 1
            bad = _count(known.deliveries["bad"][arrived] > 0)
            found = [ScoreReason("bad", {"bad": bad, "of": _count(arrived)})]
        case ScorePart.response:
            found = _answered(known.answers)
        case ScorePart.price:
            enough = part in parts and parts[part].n >= LEAST_FACTS
            found = _priced(known.prices) if enough else []
        case _:
            found = [
                ScoreReason("weight", {"part": each.value, "weight": WEIGHTS[each]})
                for each in WEIGHTS
                if each in parts and parts[each].n >= LEAST_FACTS
            ]
    old = before.get(part)
    if old is not None and old.n >= LEAST_FACTS:
        since = dt.date.fromordinal(old.first).isoformat()
        found.append(ScoreReason("before", {"value": round(old.value, 2), "n": old.n, "since": since}))
    return tuple(found)


def _count(facts: Numbers) -> int:
    """How many of them are so."""
    return int(np.count_nonzero(facts))


def _late(lines: Arrays) -> list[ScoreReason]:
    late, moved = lines["late"] > 0, lines["moved"] == 1
    whole = late & (lines["complete"] == 1) & (lines["last_day"] != NO_DAY)
    days = (lines["last_day"] - lines["promised"])[whole].tolist()
    found = [ScoreReason("late", {"late": _count(late), "of": len(late)})]
    if days:
        found.append(ScoreReason("days", {"days": round(median(days), 1)}))
    if moved.any():
        found.append(ScoreReason("moved", {"moved": _count(moved), "kept": _count(moved & ~late)}))
    return found


def _answered(asked: Arrays) -> list[ScoreReason]:
    hours = asked["hours"][asked["hours"] != NO_HOURS].tolist()
    in_time = asked["in_time"] == 1
    found = [ScoreReason("answered", {"answered": _count(in_time), "of": len(in_time)})]
    if hours:
        found.append(ScoreReason("hours", {"hours": round(median(hours), 1)}))
    return found


def _priced(quotes: Arrays) -> list[ScoreReason]:
    ratios = quotes["ratio"].tolist()
    if not ratios:
        return []
    percent, cheapest = round(100 * (median(ratios) - 1), 1), sum(each <= 1 for each in ratios)
    return [ScoreReason("ratio", {"percent": percent, "cheapest": cheapest, "of": len(ratios)})]
