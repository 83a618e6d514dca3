"""How well a vendor's past says which of its next deliveries are late.

One rule: what is said about a line is said thirty days before its promised day, from what was known by then.

Beside the production method stands the plain lifetime rate, which is what scorecards usually show.
"""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median_low

import numpy as np

from core.kernel.beta import Floats
from core.uow import Uow
from core.vendor_facts import repo
from core.vendor_scores.method import (
    Ints,
    ShareFacts,
    place_groups,
    vendor_groups,
)
from stack.evaluate.figure import Figure
from stack.evaluate.scms import HistoryLine, read_scms
from stack.evaluate.synthetic import FIRST_DAY, synthetic_lines

FEATURE = "vendor_score"
SAID_BEFORE_DAYS = 30
SCMS_TEST = dt.date(2013, 1, 1)
SYNTHETIC_TEST = FIRST_DAY + dt.timedelta(3 * 365)
Say = Callable[["Replay", int, Ints], Floats]


@dataclass(frozen=True)
class Mark:
    """What a figure must reach, and where work goes on."""

    must: float | None
    aim: float | None = None


@dataclass(frozen=True)
class Marks:
    auc: Mark
    brier: Mark


SCMS_ALL = Marks(Mark(0.800, 0.815), Mark(0.113, 0.110))
SCMS_DIRECT = Marks(Mark(0.870, 0.885), Mark(0.0310, 0.0300))
SYNTHETIC = Marks(Mark(0.70), Mark(0.123))
OWN = Marks(Mark(None), Mark(None))
"""One's own history holds nobody to anything."""
LEAST_OF_EACH = 10


@dataclass(frozen=True, slots=True)
class PromisedLine:
    """An ordered line as far as its punctuality goes: ``known_on`` is the day on which it was known."""

    vendor: str
    place: str
    promised_on: dt.date
    known_on: dt.date
    late: bool


class Replay:
    """Lines as the method takes them, and those that it is asked about."""

    def __init__(self, lines: Sequence[PromisedLine], first_test: dt.date) -> None:
        self.vendors, self.vendor = np.unique([line.vendor for line in lines], return_inverse=True)
        self.places, self.place = np.unique([line.place for line in lines], return_inverse=True)
        self.promised = np.array([line.promised_on.toordinal() for line in lines])
        self.late = np.array([line.late for line in lines], dtype=np.float64)
        self.known = np.array([line.known_on.toordinal() for line in lines])
        self.test = np.flatnonzero(self.promised >= first_test.toordinal())
        self.facts = ShareFacts.of(self.vendor, self.place, self.known, self.late)

    def said(self, say: Say) -> Floats:
        """What is said about each tested line, on its own day."""
        days = self.promised[self.test] - SAID_BEFORE_DAYS
        said = np.zeros(len(self.test))
        for day in np.unique(days):
            said[days == day] = say(self, int(day), self.test[days == day])
        return said


def promised_line(line: HistoryLine) -> PromisedLine:
    """Known on the day of delivery, or on the day after the promise, when nothing had come."""
    known_on = min(line.delivered_on, line.promised_on + dt.timedelta(1))
    return PromisedLine(line.vendor, line.place, line.promised_on, known_on, line.late)


def nested(replay: Replay, day: int, lines: Ints) -> Floats:
    """The production method: place, vendor, organisation."""
    known, places = replay.facts.on(day), len(replay.places)
    _, of_vendors = vendor_groups(known, len(replay.vendors), day)
    pairs, number = np.unique(replay.vendor[lines] * places + replay.place[lines], return_inverse=True)
    _, of_places = place_groups(known, of_vendors, pairs, places=places, day=day)
    return of_places.mean[number]


def lifetime(replay: Replay, day: int, lines: Ints) -> Floats:
    """The plain share of late deliveries since the beginning; for a vendor without any, everybody's."""
    known = replay.facts.known <= day
    vendor, late = replay.facts.vendor[known], replay.facts.share[known]
    counts = np.bincount(vendor, minlength=len(replay.vendors))
    everybody = late.mean() if len(late) else 0.1
    rates = np.bincount(vendor, late, len(replay.vendors)) / np.maximum(counts, 1)
    return np.where(counts > 0, rates, everybody)[replay.vendor[lines]]


def area_under_curve(said: Floats, late: Floats) -> float:
    """How often a late line was given the higher of two values; ties count half."""
    _, number, count = np.unique(said, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[number]
    positive = late.sum()
    return float(
        (rank[late == 1].sum() - positive * (positive + 1) / 2) / (positive * (len(late) - positive))
    )


def squared_error(said: Floats, late: Floats) -> float:
    """The Brier score: the mean squared distance between what was said and what came."""
    return float(((said - late) ** 2).mean())


def measure(data: Path | None) -> list[Figure]:
    """The figures on the real lines, or on the bundled ones."""
    if data is None:
        made = [promised_line(line) for line in synthetic_lines()]
        return _figures("synthetic", made, SYNTHETIC_TEST, SYNTHETIC)
    lines = read_scms(data)
    direct = [promised_line(line) for line in lines if line.direct]
    return [
        *_figures("scms, all lines", [promised_line(line) for line in lines], SCMS_TEST, SCMS_ALL),
        *_figures("scms, direct lines", direct, SCMS_TEST, SCMS_DIRECT),
    ]


async def measure_history(uow: Uow) -> list[Figure]:
    """On the newest half of this installation's lines; nothing while fewer than ten of them came, or came late."""
    facts = await repo.facts_of(uow.connection, uow.now)
    lines = [
        PromisedLine(str(each.vendor_id), each.cost_centre, each.promised, each.known, each.late > 0)
        for each in facts.deliveries
    ]
    if not lines:
        return []
    first = median_low(line.promised_on for line in lines)
    late = [line.late for line in lines if line.promised_on >= first]
    if min(sum(late), len(late) - sum(late)) < LEAST_OF_EACH:
        return []
    return _figures("own lines", lines, first, OWN)


def _figures(dataset: str, lines: Sequence[PromisedLine], first_test: dt.date, marks: Marks) -> list[Figure]:
    begun = time.monotonic()
    replay = Replay(lines, first_test)
    said, late = replay.said(nested), replay.late[replay.test]
    seconds = time.monotonic() - begun
    plain = replay.said(lifetime)
    last = max(line.promised_on for line in lines)
    measured = (
        ("late next, AUC", area_under_curve(said, late), marks.auc, "higher"),
        ("late next, AUC of the lifetime rate", area_under_curve(plain, late), Mark(None), "higher"),
        ("late next, Brier", squared_error(said, late), marks.brier, "lower"),
        ("late next, Brier of the lifetime rate", squared_error(plain, late), Mark(None), "lower"),
    )
    return [
        Figure(
            name=name,
            feature=FEATURE,
            dataset=dataset,
            value=value,
            must=mark.must,
            aim=mark.aim,
            better="higher" if better == "higher" else "lower",
            n=len(late),
            window=f"{first_test} to {last}",
            seconds=seconds,
        )
        for name, value, mark, better in measured
    ]
