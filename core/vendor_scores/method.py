"""How a vendor's figures are counted from facts: plain numbers in, plain numbers out.

One rule: what is not known on the day is not looked at, so a day of the past gives what was given on that day.

A share (late, rejected, unanswered) is a mean in which a fact counts half after each half-life, drawn towards the next
wider mean by ``pull`` facts of that mean: one place of a vendor towards the vendor, a vendor towards the organisation.
So one bad delivery makes nobody bad, and many make the mean that they come from matter less. The interval is that of a
beta distribution with as many facts.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.kernel.beta import Floats, beta_quantile
from core.vendor_facts.policy import WINDOW_DAYS
from core.vendor_scores.policy import (
    ORGANISATION_DAYS,
    ORGANISATION_PULL,
    ORGANISATION_START,
    PLACE_HALF_LIVES,
    PLACE_PULLS,
    VENDOR_HALF_LIFE,
    VENDOR_PULL,
)

Ints = NDArray[np.int64]
Numbers = NDArray[Any]

INTERVAL = np.array([[0.1], [0.9]])
"""Its two ends as shares: 80 of 100 lie within."""


@dataclass(frozen=True)
class ShareFacts:
    """Facts in any order: of which vendor and place, on which day it was known (a count of days), and the share."""

    vendor: Ints
    place: Ints
    known: Ints
    share: Floats

    @classmethod
    def of(cls, vendor: Numbers, place: Numbers, known: Numbers, share: Numbers) -> "ShareFacts":
        """Sorted, so that sums do not depend on the order in which the facts came."""
        order = np.lexsort((share, place, vendor, known))
        whole = np.int64
        return cls(
            vendor[order].astype(whole),
            place[order].astype(whole),
            known[order].astype(whole),
            share[order].astype(np.float64),
        )

    def on(self, day: int) -> "ShareFacts":
        """Those that were known on this day and are not too old."""
        first, last = np.searchsorted(self.known, (day - WINDOW_DAYS, day + 1))
        return self.only(slice(first, last))

    def only(self, chosen: "slice | NDArray[np.bool_]") -> "ShareFacts":
        return ShareFacts(self.vendor[chosen], self.place[chosen], self.known[chosen], self.share[chosen])


@dataclass(frozen=True)
class Shares:
    """One mean per group with its interval; ``n`` counts facts, ``first`` is the day of the oldest."""

    mean: Floats
    low: Floats
    high: Floats
    n: Ints
    first: Ints


@dataclass(frozen=True)
class Drawn:
    """Means that were drawn towards wider ones; ``strength`` is how many facts each is worth."""

    mean: Floats
    strength: Floats


class Groups:
    """Facts of a day by group: the number of each fact's group, and how many groups there are."""

    def __init__(self, facts: ShareFacts, group: Ints, count: int, day: int) -> None:
        self.facts = facts
        self._group = group
        self._count = count
        self._day = day

    def drawn(self, towards: Floats, half_life: float, pull: float) -> Drawn:
        """Each group's mean, drawn towards these."""
        weight = np.exp2((self.facts.known - self._day) / half_life)
        weights = np.bincount(self._group, weight, self._count)
        sums = np.bincount(self._group, weight * self.facts.share, self._count)
        strength = np.asarray(weights + pull, dtype=np.float64)
        return Drawn((sums + pull * towards) / strength, strength)

    def shares(self, drawn: Drawn) -> Shares:
        """The means with their intervals, and what they rest on."""
        first = np.full(self._count, self._day, dtype=np.int64)
        np.minimum.at(first, self._group, self.facts.known)
        counts = np.bincount(self._group, minlength=self._count).astype(np.int64)
        low, high = beta_quantile(drawn.mean, drawn.strength, INTERVAL)
        return Shares(drawn.mean, low, high, counts, first)


def organisation_mean(known: ShareFacts, day: int) -> float:
    """The mean of the last two years over all vendors."""
    lately = known.share[day - known.known <= ORGANISATION_DAYS]
    return float((lately.sum() + ORGANISATION_PULL * ORGANISATION_START) / (len(lately) + ORGANISATION_PULL))


def vendor_groups(known: ShareFacts, vendors: int, day: int) -> tuple[Groups, Drawn]:
    """The facts by vendor, and each vendor's mean."""
    groups = Groups(known, known.vendor, vendors, day)
    towards = np.full(vendors, organisation_mean(known, day))
    return groups, groups.drawn(towards, VENDOR_HALF_LIFE, VENDOR_PULL)


def place_groups(
    known: ShareFacts, of_vendors: Drawn, pairs: Ints, *, places: int, day: int
) -> tuple[Groups, Drawn]:
    """The facts by pair of vendor and place, and the mean of each pair: numbers ``vendor * places + place``, sorted."""
    keys = known.vendor * places + known.place
    asked = np.isin(keys, pairs)
    groups = Groups(known.only(asked), np.searchsorted(pairs, keys[asked]), len(pairs), day)
    drawn = Drawn(of_vendors.mean[pairs // places], of_vendors.strength[pairs // places])
    for half_life, pull in zip(PLACE_HALF_LIVES, PLACE_PULLS, strict=True):
        drawn = groups.drawn(drawn.mean, half_life, pull)
    return groups, drawn
