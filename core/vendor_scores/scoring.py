"""From facts to the scores of all vendors: arrays in, scores with their reasons out.

One rule: a part with fewer than ``LEAST_FACTS`` facts has no value, only its n.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import numpy as np

from core.insights.model import Figures, NewScore, vendor_at, vendor_subject
from core.kernel.beta import Floats
from core.vendor_facts.model import NO_DAY, FactColumns
from core.vendor_scores.method import (
    Ints,
    Numbers,
    ShareFacts,
    Shares,
    organisation_mean,
    place_groups,
    vendor_groups,
)
from core.vendor_scores.model import WEIGHTS, PartFigure, PartsOfVendors
from core.vendor_scores.policy import POINTS_PER_PERCENT
from core.vendor_scores.promise import MEASURED_DAYS, LeadFacts, covered, expected_days, residuals, width_on
from core.vendor_scores.promise import WINDOW_DAYS as MEDIAN_DAYS
from core.vendor_scores.reasons import LastYear, VendorReasons, of_vendors, reasons_of
from core.vendor_scores.states import LEAST_FACTS, ScorePart

Name = TypeVar("Name", UUID, str)
NORMAL_80 = 1.2816
PRICE_HALF_LIFE = 360.0


@dataclass(frozen=True)
class Scored:
    """The scores of a run, and what it found about itself."""

    scores: tuple[NewScore, ...]
    metrics: Figures
    n: int
    window: tuple[dt.date, dt.date] | None


class FactArrays:
    """Columns as arrays, with vendors and places by number in an order that does not depend on the facts' order."""

    def __init__(self, facts: FactColumns) -> None:
        self.day = facts.day
        self.ids, vendor_numbers = _in_order(facts.vendors)
        self.places, place_numbers = _in_order(facts.places)
        self.deliveries, self.answers, self.prices = (
            {name: np.asarray(column) for name, column in facts.kinds[kind].items()}
            for kind in ("deliveries", "answers", "prices")
        )
        for each in (self.deliveries, self.answers, self.prices):
            each["vendor"] = vendor_numbers[each["vendor"]]
        self.deliveries["place"] = place_numbers[self.deliveries["place"]]

    @property
    def n(self) -> int:
        return sum(len(each["vendor"]) for each in (self.deliveries, self.answers, self.prices))


def _in_order(numbers: Mapping[Name, int]) -> tuple[list[Name], Numbers]:
    """The names in their order, and for each number so far the place of its name there."""
    names = sorted(numbers)
    places = np.zeros(len(names), dtype=np.int32)
    places[[numbers[name] for name in names]] = np.arange(len(names))
    return names, places


def score_vendors(known: FactColumns, known_before: FactColumns) -> Scored:
    """The scores on the day of what is known; and what was known some time ago, for how each part has moved."""
    return scores_since(known, parts_of(known_before))


def parts_of(known: FactColumns) -> PartsOfVendors:
    """The parts of each vendor."""
    facts = FactArrays(known)
    return dict(zip(facts.ids, vendor_parts(facts), strict=True))


def scores_since(known: FactColumns, before: PartsOfVendors) -> Scored:
    """The scores, where the parts of some time ago are known."""
    facts = FactArrays(known)
    parts = vendor_parts(facts)
    reasons = VendorReasons(facts.day, facts.deliveries, facts.answers, facts.prices)
    scores: list[NewScore] = []
    for number, vendor in enumerate(facts.ids):
        own = _VendorParts(parts[number], before.get(vendor, {}), reasons.of(number))
        scores.extend(_scores_of(vendor, own, facts.day))
    late = _late_facts(facts)
    scores.extend(_place_scores(facts, late))
    days, metrics = _delivery_days(facts)
    scores.extend(days)
    day = facts.day.toordinal()
    organisation = organisation_mean(late.on(day), day)
    first = min((score.window_from for score in scores), default=facts.day)
    return Scored(
        tuple(scores),
        {**metrics, "organisation_late": round(organisation, 4), "vendors": len(facts.ids)},
        facts.n,
        (first, facts.day),
    )


def vendor_parts(facts: FactArrays) -> list[dict[ScorePart, PartFigure]]:
    """Per vendor the parts that have facts, and the total where it can be said."""
    day, count = facts.day.toordinal(), len(facts.ids)
    found: list[dict[ScorePart, PartFigure]] = [{} for _ in range(count)]
    shares = (
        (ScorePart.on_time, _late_facts),
        (ScorePart.quality, _bad_facts),
        (ScorePart.response, _missed_facts),
    )
    for part, facts_of_part in shares:  # one after the other: each is a sorted copy of many facts
        groups, drawn = vendor_groups(facts_of_part(facts).on(day), count, day)
        for number, figure in enumerate(_good(groups.shares(drawn))):
            if figure.n:
                found[number][part] = figure
    for number, figure in _price_figures(facts, day).items():
        found[number][ScorePart.price] = figure
    for own in found:
        total = total_of(own)
        if total is not None:
            own[ScorePart.total] = total
    return found


def total_of(parts: dict[ScorePart, PartFigure]) -> PartFigure | None:
    """The weighted mean of the parts that have enough facts, with the deliveries' n and window; none of too few."""
    enough = {part: parts[part] for part in WEIGHTS if part in parts and parts[part].n >= LEAST_FACTS}
    on_time = enough.get(ScorePart.on_time)
    if on_time is None:
        return None
    whole = sum(WEIGHTS[part] for part in enough)
    value = sum(WEIGHTS[part] * figure.value for part, figure in enough.items()) / whole

    def reach(side: Callable[[PartFigure], float]) -> float:
        """The distances of independent parts add up like their squares."""
        squares = (WEIGHTS[part] * (side(figure) - figure.value) for part, figure in enough.items())
        return float(np.sqrt(sum(each**2 for each in squares))) / whole

    low, high = value - reach(lambda figure: figure.low), value + reach(lambda figure: figure.high)
    return PartFigure(value, max(0.0, low), min(100.0, high), on_time.n, on_time.first)


def _good(shares: Shares) -> Iterable[PartFigure]:
    """Points of what went well, where the shares are of what did not."""
    columns = (shares.mean, shares.high, shares.low, shares.n, shares.first)
    for mean, high, low, n, first in zip(*(column.tolist() for column in columns), strict=True):
        value = 100 * (1 - mean)
        yield PartFigure(value, min(value, 100 * (1 - high)), max(value, 100 * (1 - low)), n, first)


def _late_facts(facts: FactArrays) -> ShareFacts:
    lines = facts.deliveries
    return ShareFacts.of(lines["vendor"], lines["place"], lines["known"], lines["late"])


def _bad_facts(facts: FactArrays) -> ShareFacts:
    arrived = facts.deliveries["arrived"] == 1
    lines = {name: column[arrived] for name, column in facts.deliveries.items()}
    known = np.where(lines["last_day"] == NO_DAY, lines["known"], lines["last_day"])
    return ShareFacts.of(lines["vendor"], np.zeros_like(known), known, lines["bad"])


def _missed_facts(facts: FactArrays) -> ShareFacts:
    asked = facts.answers
    return ShareFacts.of(asked["vendor"], np.zeros_like(asked["known"]), asked["known"], 1 - asked["in_time"])


def _price_figures(facts: FactArrays, day: int) -> dict[int, PartFigure]:
    """The median ratio to the best other quote, newer ones counting more, as points."""
    order = np.lexsort((facts.prices["known"], facts.prices["ratio"], facts.prices["vendor"]))
    quotes = {name: column[order] for name, column in facts.prices.items()}
    found = {}
    for vendor, own in of_vendors(quotes["vendor"]):
        ratio, known = quotes["ratio"][own], quotes["known"][own]
        weight = np.exp2((known - day) / PRICE_HALF_LIFE)
        share = NORMAL_80 / 2 / np.sqrt(weight.sum() ** 2 / (weight**2).sum())
        middle, dear, cheap = (
            _points(_weighted_quantile(ratio, weight, level)) for level in (0.5, 0.5 + share, 0.5 - share)
        )
        found[vendor] = PartFigure(
            middle, min(dear, middle), max(cheap, middle), len(ratio), int(known.min())
        )
    return found


def _points(ratio: float) -> float:
    return max(0.0, min(100.0, 100 - POINTS_PER_PERCENT * 100 * (ratio - 1)))


def _weighted_quantile(values: Floats, weights: Floats, level: float) -> float:
    """Of sorted values: the first one up to which this share of all weight lies."""
    reached = np.cumsum(weights) / weights.sum()
    return float(
        values[min(len(values) - 1, int(np.searchsorted(reached, max(0.0, min(1.0, level)) - 1e-12)))]
    )


@dataclass(frozen=True)
class _VendorParts:
    """A vendor's parts now and some time ago, and what people can check of it."""

    now: dict[ScorePart, PartFigure]
    before: Mapping[ScorePart, PartFigure]
    reasons: LastYear


def _scores_of(vendor: UUID, own: _VendorParts, day: dt.date) -> Iterable[NewScore]:
    parts = own.now
    for part in (*WEIGHTS, ScorePart.total):
        figure = parts.get(part)
        if figure is None and part is not ScorePart.total:
            continue
        if figure is None:
            known = parts.get(ScorePart.on_time)
            figure = PartFigure(0, 0, 0, known.n if known else 0, known.first if known else day.toordinal())
        enough = figure.n >= LEAST_FACTS and part in parts
        yield NewScore(
            vendor_subject(vendor),
            part.value,
            round(figure.value, 2) if enough else None,
            round(figure.low, 2) if enough else None,
            round(figure.high, 2) if enough else None,
            figure.n,
            dt.date.fromordinal(figure.first),
            day,
            reasons_of(part, own.reasons, parts, own.before),
        )


def _place_scores(facts: FactArrays, late: ShareFacts) -> Iterable[NewScore]:
    """Each vendor's punctuality at each cost centre that it has delivered enough lines to."""
    if not len(late.vendor):
        return
    day, places = facts.day.toordinal(), len(facts.places)
    known = late.on(day)
    _, of_vendors = vendor_groups(known, len(facts.ids), day)
    pairs, counts = np.unique(known.vendor * places + known.place, return_counts=True)
    pairs = pairs[counts >= LEAST_FACTS]
    groups, drawn = place_groups(known, of_vendors, pairs, places=places, day=day)
    for pair, figure in zip(pairs.tolist(), _good(groups.shares(drawn)), strict=True):
        subject = vendor_at(facts.ids[pair // places], facts.places[pair % places])
        yield NewScore(
            subject,
            ScorePart.on_time.value,
            round(figure.value, 2),
            round(figure.low, 2),
            round(figure.high, 2),
            figure.n,
            dt.date.fromordinal(figure.first),
            facts.day,
        )


def _delivery_days(facts: FactArrays) -> tuple[list[NewScore], Figures]:
    """Per vendor the usual days to the whole delivery, and by when four of five are there; and whether that held."""
    lead = LeadFacts.of(whole_orders(facts.deliveries))
    day = facts.day.toordinal()
    measured = residuals(lead, len(facts.ids), since=day - 2 * MEASURED_DAYS)
    width, share = width_on(measured, day), covered(measured, day)
    metrics: Figures = {
        "delivery_width_days": None if width is None else round(width, 1),
        "delivery_covered": None if share is None else round(share, 4),
        "delivery_orders": len(measured.known),
    }
    if width is None:
        return [], metrics
    expected = expected_days(lead, day, len(facts.ids))
    counted = lead.delivered_by(day, MEDIAN_DAYS)
    scores = []
    for number, vendor in enumerate(facts.ids):
        own = counted.delivered[counted.vendor == number]
        if len(own) < LEAST_FACTS:
            continue
        usual = round(float(expected[number]), 1)
        scores.append(
            NewScore(
                vendor_subject(vendor),
                ScorePart.delivery_days.value,
                usual,
                usual,
                max(usual, round(float(expected[number]) + width, 1)),
                len(own),
                dt.date.fromordinal(int(own[0])),
                facts.day,
            )
        )
    return scores, metrics


def whole_orders(lines: Mapping[str, Numbers]) -> Ints:
    """Orders of which everything has come, a row each: vendor, day of issue, day of the last piece."""
    _, first, order = np.unique(lines["order_number"], return_index=True, return_inverse=True)
    whole = np.bincount(order, lines["complete"] == 0, len(first)) == 0
    last = np.full(len(first), NO_DAY, dtype=np.int64)
    np.maximum.at(last, order, lines["last_day"])
    kept = whole & (last != NO_DAY)
    columns = (lines["vendor"][first], lines["issued_on"][first], last)
    return np.stack([column[kept].astype(np.int64) for column in columns], axis=1)
