"""Who to ask, from what was bought before: likeness of the words, time, and place. Pure; the evaluation runs this code.

    score = sum over lines asked for of  like x (1 + 2 x place) + 2 x same
    like    the vendor's share of all past lines, each by likeness^6 x 0.5^(age / 180 days)
    place   its share of the place's orders, each by 0.5^(age / 120 days)
    same    its share of the lines of the very same words at the same place, each by 0.5^(age / 120 days)

One rule: it knows what was bought, never what was suggested; so it cannot learn from its own suggestions.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

Vendor = TypeVar("Vendor")

HALF_LIFE_DAYS = 180.0
"""After so many days a past line counts half."""
PLACE_HALF_LIFE_DAYS = 120.0
"""The same for what tells where a vendor sells."""
POWER = 6
PLACE_WEIGHT, SAME_WEIGHT = 2.0, 2.0
SIMILAR = 0.25
"""From this likeness on, a person is told of a past line as of a similar one."""
ALIKE, ALIKE_OF_MANY, MANY_TEXTS = 0.15, 0.3, 20_000
"""From this share of common trigrams on a text is looked at; of more texts than that only what is closer."""
MOST_TEXTS, MOST_LINES = 40, 50
"""The most similar texts that are looked at, and how many of the newest lines of each."""
SHORTEST_GRAM, LONGEST_GRAM = 3, 5
SUGGESTED = 5
FEW_ORDERS, NEW_DAYS = 3, 182
"""Who has had no order is new here, and who has had fewer than so many and is known for no longer than that."""
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class PastLines(Generic[Vendor]):
    """All past lines of the same words from one vendor, either ``here`` or anywhere else."""

    words: str
    vendor: Vendor
    here: bool
    lines: int
    weight: float
    """The sum of ``faded(age, HALF_LIFE_DAYS)``."""
    place_weight: float
    """The sum of ``faded(age, PLACE_HALF_LIFE_DAYS)``."""


def faded(days: float, half_life: float) -> float:
    """What a line counts after so many days; never more than one."""
    return float(0.5 ** (max(days, 0.0) / half_life))


def scores(
    asked: Mapping[str, Sequence[PastLines[Vendor]]], place: Mapping[Vendor, float]
) -> dict[Vendor, float]:
    """The score of every vendor with past lines, by what was found for each text asked for.

    ``place`` is what each vendor's orders for the place count together, faded.
    """
    at_place = _shares(place)
    total: dict[Vendor, float] = {}
    for text, past in asked.items():
        for vendor, score in _of_one(text, past, at_place).items():
            total[vendor] = total.get(vendor, 0.0) + score / len(asked)
    return total


def _of_one(
    text: str, past: Sequence[PastLines[Vendor]], at_place: Mapping[Vendor, float]
) -> dict[Vendor, float]:
    like = likeness(text, frozenset(each.words for each in past))
    words = normal(text)
    alike = _shares(_summed((each.vendor, like[each.words] ** POWER * each.weight) for each in past))
    same = _shares(
        _summed(
            (each.vendor, each.place_weight) for each in past if each.here and normal(each.words) == words
        )
    )
    return {
        vendor: share * (1 + PLACE_WEIGHT * at_place.get(vendor, 0.0)) + SAME_WEIGHT * same.get(vendor, 0.0)
        for vendor, share in alike.items()
    }


@lru_cache(maxsize=512)
def likeness(text: str, others: frozenset[str]) -> Mapping[str, float]:
    """How alike each other text is, 0 to 1: the cosine of their pieces of 3 to 5 characters, the rarer the heavier.

    How rare a piece is, is counted in the texts compared: a word that all of them have tells them apart in nothing.
    """
    pieces = {each: _grams(each) for each in {text, *others}}
    known = Counter(gram for found in pieces.values() for gram in found)
    rarity = {gram: math.log((1 + len(pieces)) / (1 + count)) + 1 for gram, count in known.items()}
    vectors = {
        each: {gram: count * rarity[gram] for gram, count in found.items()} for each, found in pieces.items()
    }
    lengths = {
        each: math.sqrt(sum(part * part for part in vector.values())) for each, vector in vectors.items()
    }
    own = vectors[text]
    return {
        each: _dot(own, vectors[each]) / (lengths[text] * lengths[each]) if lengths[each] else 0.0
        for each in others
    }


def normal(text: str) -> str:
    """The words as they are compared: in lower case, with single spaces."""
    return _SPACES.sub(" ", text.strip().lower())


@lru_cache(maxsize=4_096)
def _grams(text: str) -> Counter[str]:
    padded = f" {normal(text)} "
    return Counter(
        padded[start : start + size]
        for size in range(SHORTEST_GRAM, LONGEST_GRAM + 1)
        for start in range(len(padded) - size + 1)
    )


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if len(other) < len(one):
        one, other = other, one
    return sum(part * other[gram] for gram, part in one.items() if gram in other)


def _summed(parts: Iterable[tuple[Vendor, float]]) -> dict[Vendor, float]:
    total: dict[Vendor, float] = {}
    for vendor, part in parts:
        total[vendor] = total.get(vendor, 0.0) + part
    return total


def _shares(parts: Mapping[Vendor, float]) -> dict[Vendor, float]:
    whole = sum(parts.values())
    return {vendor: part / whole for vendor, part in parts.items()} if whole else {}
