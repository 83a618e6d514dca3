"""How often the vendor that got an order stands first, or among the first five, in what is suggested for its line.

Each line of the test years is asked for once, with what had been bought three months before its month: a line that is
known is at least as old as what takes three months from order to delivery.

    warm    everything of that time is known
    cold    as warm, but no line of the very same words: an item that is new here
    messy   as warm, but the words are as somebody in a hurry would type them (a fixed seed per text)

The constants of ``method`` were chosen on lines from July 2010 to December 2012, before the test begins.

One rule: the score is the production code's, and so are its limits on texts and lines; here they are found in lists.
"""

import datetime as dt
import random
import re
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.recommendations import policy, repo
from core.recommendations.method import (
    ALIKE,
    HALF_LIFE_DAYS,
    MOST_LINES,
    MOST_TEXTS,
    PLACE_HALF_LIFE_DAYS,
    SUGGESTED,
    PastLines,
    faded,
    scores,
)
from core.uow import Uow
from stack.evaluate.figure import Figure
from stack.evaluate.scms import HistoryLine, read_scms
from stack.evaluate.synthetic import synthetic_lines

FEATURE = "who to ask"
KNOWN_AFTER_MONTHS = 3
TEST_FROM = dt.date(2013, 1, 1)
SYNTHETIC_TEST_FROM = dt.date(2023, 1, 1)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """One line as far as the choice of its vendor goes: each item once per order."""

    day: dt.date
    words: str
    vendor: str
    place: str
    order: str


@dataclass(frozen=True)
class ChoiceMode:
    """What a test line is asked by, and what of the past is hidden from it."""

    name: str
    asked: Callable[[str], str] = str
    hides_same: bool = False


@dataclass(frozen=True)
class ChoiceMarks:
    """What hit@1 or hit@5 must reach in one mode."""

    mode: str
    first: bool
    must: float | None
    aim: float | None


def messy(words: str) -> str:
    """The same words without commas, in another order, some left out, some with two letters exchanged."""
    chance = random.Random(words)
    typed = [word for word in words.lower().replace(",", "").split() if chance.random() > 0.15]
    found = [_mistyped(word, chance) for word in typed or words.lower().split()]
    chance.shuffle(found)
    return " ".join(found)


def _mistyped(word: str, chance: random.Random) -> str:
    if len(word) <= 3 or chance.random() >= 0.3:
        return word
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


WARM, COLD = ChoiceMode("warm"), ChoiceMode("cold", hides_same=True)
MODES = (WARM, COLD, ChoiceMode("messy", asked=messy))
REAL_MARKS = (
    ChoiceMarks("warm", first=True, must=0.652, aim=0.68),
    ChoiceMarks("warm", first=False, must=0.915, aim=0.93),
    ChoiceMarks("cold", first=True, must=0.390, aim=0.42),
    ChoiceMarks("cold", first=False, must=0.80, aim=None),
    ChoiceMarks("messy", first=True, must=0.62, aim=None),
    ChoiceMarks("messy", first=False, must=0.90, aim=None),
)
SYNTHETIC_MARKS = (
    ChoiceMarks("warm", first=True, must=0.5, aim=None),
    ChoiceMarks("cold", first=False, must=0.5, aim=None),
)


HISTORY_MARKS = (
    ChoiceMarks("warm", first=True, must=None, aim=None),
    ChoiceMarks("warm", first=False, must=None, aim=None),
    ChoiceMarks("cold", first=False, must=None, aim=None),
)
"""One's own history holds nobody to anything: a company with one vendor per item scores high, and needs no advice."""
MOST_HISTORY, HISTORY_TESTED = 20_000, 2_000


def measure(data: Path | None) -> list[Figure]:
    """On the real lines, or on those that are made."""
    if data is None:
        return figures(bought(synthetic_lines()), "synthetic", SYNTHETIC_TEST_FROM, SYNTHETIC_MARKS)
    return figures(bought(read_scms(data)), "scms direct", TEST_FROM, REAL_MARKS)


async def measure_history(uow: Uow) -> list[Figure]:
    """On the newest orders of this installation, each by what had been ordered before its month."""
    found = await repo.newest_lines(uow.connection, MOST_HISTORY)
    lines = [
        BoughtLine(each.day, each.words, str(each.vendor), each.place, str(each.order)) for each in found
    ]
    tested = lines[-HISTORY_TESTED:]
    if not tested:
        return []
    return figures(lines, "own orders", tested[0].day, HISTORY_MARKS, after_months=0)


def bought(lines: Iterable[HistoryLine]) -> list[BoughtLine]:
    """The lines that vendors delivered, by day."""
    found = {
        (line.order, line.item): BoughtLine(line.promised_on, line.item, line.vendor, line.place, line.order)
        for line in sorted(lines, key=lambda each: (each.promised_on, each.id), reverse=True)
        if line.direct
    }
    return sorted(found.values(), key=lambda each: each.day)


def figures(
    lines: Sequence[BoughtLine],
    dataset: str,
    test_from: dt.date,
    marks: Sequence[ChoiceMarks],
    *,
    after_months: int = KNOWN_AFTER_MONTHS,
) -> list[Figure]:
    """hit@1 and hit@5 of the modes that have marks."""
    made: list[Figure] = []
    for mode in MODES:
        wanted = [each for each in marks if each.mode == mode.name]
        if not wanted:
            continue
        began = time.monotonic()
        places = [
            place_of(line, known(lines, line.day, after_months), mode)
            for line in lines
            if line.day >= test_from
        ]
        seconds = time.monotonic() - began
        for mark in wanted:
            within = 1 if mark.first else SUGGESTED
            hits = sum(place is not None and place <= within for place in places)
            made.append(
                Figure(
                    name=f"hit@{within} {mode.name}",
                    feature=FEATURE,
                    dataset=dataset,
                    value=hits / len(places),
                    must=mark.must,
                    aim=mark.aim,
                    n=len(places),
                    window=f"{test_from:%Y-%m} to {lines[-1].day:%Y-%m}",
                    seconds=seconds,
                )
            )
    return made


def known(
    lines: Sequence[BoughtLine], day: dt.date, after_months: int = KNOWN_AFTER_MONTHS
) -> Sequence[BoughtLine]:
    """Of lines by day those that are known on this one: so many months before its month begins."""
    months = day.year * 12 + day.month - 1 - after_months
    begins = dt.date(months // 12, months % 12 + 1, 1)
    return lines[: bisect_left(lines, begins, key=lambda each: each.day)]


def place_of(line: BoughtLine, past: Sequence[BoughtLine], mode: ChoiceMode = WARM) -> int | None:
    """At which place the line's vendor stands, from 1; None: nothing suggests it."""
    ranked = suggestions(line, past, mode)
    return ranked.index(line.vendor) + 1 if line.vendor in ranked else None


def suggestions(line: BoughtLine, past: Sequence[BoughtLine], mode: ChoiceMode = WARM) -> list[str]:
    """The vendors for a line, the best first, by what is known of the past; the line's own vendor is not looked at."""
    seen = [each for each in past if each.words != line.words] if mode.hides_same else past
    asked = mode.asked(line.words)
    found = scores({asked: _like(asked, line, seen)}, _at_place(line, seen))
    return policy.ranked(found, {}, {vendor: vendor for vendor in found})


def _like(asked: str, line: BoughtLine, past: Sequence[BoughtLine]) -> list[PastLines[str]]:
    """The newest lines of the most similar texts, as the database finds them."""
    near = _nearest(asked, frozenset(each.words for each in past))
    left = dict.fromkeys(near, MOST_LINES)
    ages: defaultdict[tuple[str, str, bool], list[int]] = defaultdict(list)
    for each in reversed(past):
        if left.get(each.words, 0):
            left[each.words] -= 1
            ages[each.words, each.vendor, each.place == line.place].append((line.day - each.day).days)
    return [
        PastLines(
            words,
            vendor,
            here,
            len(days),
            sum(faded(each, HALF_LIFE_DAYS) for each in days),
            sum(faded(each, PLACE_HALF_LIFE_DAYS) for each in days),
        )
        for (words, vendor, here), days in ages.items()
    ]


def _at_place(line: BoughtLine, past: Sequence[BoughtLine]) -> dict[str, float]:
    """Each order for the place once, faded."""
    orders = {each.order: each for each in past if each.place == line.place}
    weights: defaultdict[str, float] = defaultdict(float)
    for each in orders.values():
        weights[each.vendor] += faded((line.day - each.day).days, PLACE_HALF_LIFE_DAYS)
    return weights


@cache
def _nearest(asked: str, texts: frozenset[str]) -> tuple[str, ...]:
    alike = [(trigram_similarity(asked, text), text) for text in texts]
    best = sorted((each for each in alike if each[0] >= ALIKE), key=lambda each: (-each[0], each[1]))
    return tuple(text for _, text in best[:MOST_TEXTS])


@cache
def trigram_similarity(one: str, other: str) -> float:
    """What PostgreSQL's ``similarity`` says."""
    first, second = _trigrams(one), _trigrams(other)
    return len(first & second) / len(first | second) if first or second else 0.0


@cache
def _trigrams(text: str) -> frozenset[str]:
    padded = (f"  {word} " for word in _WORD.findall(text.lower()))
    return frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))
