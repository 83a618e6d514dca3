"""How well a vendor's usual days say when the next order is there, and whether the upper bound holds.

One rule: what is said about an order is said on the day of the order, from what had been delivered by then.
"""

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median_low

import numpy as np

from core.kernel.beta import Floats
from core.uow import Uow
from core.vendor_facts import repo
from core.vendor_facts.model import FactColumns
from core.vendor_scores.method import Ints
from core.vendor_scores.promise import COVERS, LeadFacts, expected_days, residuals, width_on
from core.vendor_scores.scoring import FactArrays, whole_orders
from stack.evaluate.figure import Figure
from stack.evaluate.scms import HistoryLine, read_scms
from stack.evaluate.synthetic import synthetic_lines
from stack.evaluate.vendor_lateness import FEATURE, SCMS_TEST, SYNTHETIC_TEST


@dataclass(frozen=True)
class PromiseMarks:
    """How far the usual days may be off, and between which shares the bound must hold."""

    most_off_days: float | None
    covered: tuple[float | None, ...]


COVERED = (0.78, 0.85)
MARKS = {"scms": PromiseMarks(53.0, COVERED), "synthetic": PromiseMarks(7.0, COVERED)}
OWN = PromiseMarks(None, (None,))


@dataclass(frozen=True)
class Said:
    """What was said about each tested order, and how long it took."""

    expected: Floats
    at_most: Floats
    took: Floats


def lead_facts(lines: Sequence[HistoryLine]) -> tuple[LeadFacts, int]:
    """The orders that vendors delivered directly, each with its last line; and how many vendors there are."""
    vendors: dict[str, int] = {}
    orders: dict[tuple[str, str], tuple[int, int, int]] = {}
    for line in lines:
        if line.ordered_on is None or not line.direct or line.delivered_on < line.ordered_on:
            continue
        vendor = vendors.setdefault(line.vendor, len(vendors))
        ordered, delivered = line.ordered_on.toordinal(), line.delivered_on.toordinal()
        before = orders.get((line.order, line.vendor), (vendor, ordered, delivered))
        orders[line.order, line.vendor] = (vendor, min(before[1], ordered), max(before[2], delivered))
    return LeadFacts.of(list(orders.values())), len(vendors)


def said_on(facts: LeadFacts, vendors: int, tested: Ints) -> Said:
    """Replay the days on which the tested orders were placed."""
    measured = residuals(facts, vendors, since=0)
    expected, width = np.zeros(len(tested)), np.zeros(len(tested))
    days = facts.ordered[tested]
    for day in np.unique(days):
        of_day = days == day
        expected[of_day] = expected_days(facts, int(day), vendors)[facts.vendor[tested[of_day]]]
        width[of_day] = width_on(measured, int(day)) or np.nan
    took = (facts.delivered[tested] - days).astype(np.float64)
    return Said(expected, expected + width, took)


def measure(data: Path | None) -> list[Figure]:
    """The figures on the real lines, or on the bundled ones."""
    dataset, lines, first = (
        ("synthetic", synthetic_lines(), SYNTHETIC_TEST)
        if data is None
        else ("scms", read_scms(data), SCMS_TEST)
    )
    facts, vendors = lead_facts(lines)
    return _figures(dataset, facts, vendors, first, MARKS[dataset])


async def measure_history(uow: Uow) -> list[Figure]:
    """On the newest half of this installation's orders, from the first day on which a bound could be told."""
    facts = FactArrays(FactColumns.of(await repo.facts_of(uow.connection, uow.now)))
    orders = LeadFacts.of(whole_orders(facts.deliveries))
    if not len(orders.ordered):
        return []
    known = residuals(orders, len(facts.ids), since=0)
    newest = np.unique(orders.ordered[orders.ordered >= median_low(orders.ordered.tolist())])
    first = next((int(day) for day in newest if width_on(known, int(day)) is not None), None)
    if first is None:
        return []
    return _figures("own orders", orders, len(facts.ids), dt.date.fromordinal(first), OWN)


def _figures(
    dataset: str, facts: LeadFacts, vendors: int, first: dt.date, marks: PromiseMarks
) -> list[Figure]:
    begun = time.monotonic()
    said = said_on(facts, vendors, np.flatnonzero(facts.ordered >= first.toordinal()))
    covered = float((said.took <= said.at_most).mean())
    window = f"orders since {first}"
    seconds = time.monotonic() - begun
    return [
        Figure(
            name="delivery, days off the usual",
            feature=FEATURE,
            dataset=dataset,
            value=float(np.abs(said.took - said.expected).mean()),
            must=marks.most_off_days,
            better="lower",
            n=len(said.took),
            window=window,
            seconds=seconds,
        ),
        *(
            Figure(
                name=f"delivery, share within the bound ({COVERS:.0%} said)",
                feature=FEATURE,
                dataset=dataset,
                value=covered,
                must=bound,
                better="higher" if bound is None or bound < COVERS else "lower",
                n=len(said.took),
                window=window,
                seconds=seconds,
            )
            for bound in marks.covered
        ),
    ]
