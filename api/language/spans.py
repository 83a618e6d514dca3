"""Spans of time as people write them: ``2 weeks``, ``10d``, ``неделю``, ``3-5 working days``.

One rule: a span is a count and a unit; how many days that are is said by whoever needs days.
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from babel.core import Locale

from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import Vocabulary, language_of, vocabulary

MAX_DAYS_AHEAD = 3660
DAYS_OF = {"day": 1, "week": 7, "month": 30, "year": 365}
_RANGE = re.compile(r"(\d{1,3})[-–](\d{1,3})(\D{0,12})", re.ASCII)
_SHORT = re.compile(r"(\d{1,4})(\D{1,7})", re.ASCII)


@dataclass(frozen=True)
class FoundSpan:
    """A span at a position: its shortest and its longest count, its unit, and the position after it."""

    low: int
    high: int
    unit: str
    after: int
    working: bool = False

    @property
    def exact(self) -> bool:
        return self.low == self.high and not self.working


def span_at(tokens: Sequence[Token], index: int, locale: Locale) -> tuple[int, str, int] | None:
    """``2 weeks``, ``10d``, ``a week``, ``неделю``: a count and a unit, and the position after them."""
    alone = alone_at(tokens, index, locale)
    if alone is not None:
        return alone
    vocab = vocabulary(language_of(locale))
    for counted, unit_index in _counts(tokens, index, vocab):
        found = _span_unit(tokens, unit_index, vocab)
        if found is not None:
            return counted, *found
    short = _SHORT.fullmatch(tokens[index].word) if index < len(tokens) else None
    found = _span_unit(tokenize(short[2]), 0, vocab) if short is not None else None
    return (int(short[1]), found[0], index + 1) if short is not None and found is not None else None


def wide_span_at(tokens: Sequence[Token], index: int, locale: Locale) -> FoundSpan | None:
    """The same with two ends, ``3-5 days``, ``2 to 3 weeks``, and with working days."""
    if index >= len(tokens):
        return None
    vocab = vocabulary(language_of(locale))
    ends = _ends(tokens, index, vocab)
    if ends is not None:
        low, high, after = ends
        return _with_unit(tokens, (low, high), after, vocab)
    found = span_at(tokens, index, locale)
    word = tokens[index].word
    if re.fullmatch(r"\d{1,4}", word, re.ASCII):
        counted = _with_unit(tokens, (int(word), int(word)), index + 1, vocab)
        if counted is not None:
            return counted
    return FoundSpan(found[0], found[0], found[1], found[2]) if found is not None else None


def _ends(tokens: Sequence[Token], index: int, vocab: Vocabulary) -> tuple[int, int, int] | None:
    """``3-5``, ``3 - 5``, ``3 to 5``: both ends and where the unit begins."""
    glued = re.fullmatch(r"(\d{1,3})[-–](\d{1,3})", tokens[index].word, re.ASCII)
    if glued is not None:
        return int(glued[1]), int(glued[2]), index + 1
    if index + 2 >= len(tokens) or not re.fullmatch(r"\d{1,3}", tokens[index].word, re.ASCII):
        return None
    between = tokens[index + 1].raw in "-–—" or vocab.words["till"].at(tokens, index + 1) is not None
    last = re.fullmatch(r"\d{1,3}", tokens[index + 2].word, re.ASCII)
    if not between or last is None or int(last[0]) <= int(tokens[index].word):
        return None
    return int(tokens[index].word), int(last[0]), index + 3


def _with_unit(
    tokens: Sequence[Token], counts: tuple[int, int], after: int, vocab: Vocabulary
) -> FoundSpan | None:
    working = vocab.words["working"].at(tokens, after)
    if working is not None:
        return FoundSpan(*counts, "day", working[1], working=True)
    unit = _span_unit(tokens, after, vocab)
    return FoundSpan(*counts, unit[0], unit[1]) if unit is not None else None


def glued_span(word: str, locale: Locale) -> FoundSpan | None:
    """``3-5d``: both ends and the unit in one word."""
    match = _RANGE.fullmatch(word)
    unit = _span_unit(tokenize(match[3]), 0, vocabulary(language_of(locale))) if match and match[3] else None
    return FoundSpan(int(match[1]), int(match[2]), unit[0], 1) if match is not None and unit else None


def alone_at(tokens: Sequence[Token], index: int, locale: Locale) -> tuple[int, str, int] | None:
    """``неделю``, ``أسبوعين``: a time span in one word that includes the count."""
    found = vocabulary(language_of(locale)).alone.at(tokens, index)
    if found is None:
        return None
    count, _, unit = found[0].partition(" ")
    return int(count), unit, found[1]


def _span_unit(tokens: Sequence[Token], index: int, vocab: Vocabulary) -> tuple[str, int] | None:
    """day, week, month or year, written out or as its first letter."""
    found = vocab.spans.at(tokens, index) or vocab.units.at(tokens, index)
    return found if found is not None and found[0] in DAYS_OF else None


def _counts(tokens: Sequence[Token], index: int, vocab: Vocabulary) -> Iterator[tuple[int, int]]:
    """The count at a position and where its unit begins; a unit without a count means one."""
    if index >= len(tokens):
        return
    if re.fullmatch(r"\d{1,4}", tokens[index].word, re.ASCII):
        yield int(tokens[index].word), index + 1
        return
    number = vocab.counts.at(tokens, index)
    yield (int(number[0]), number[1]) if number is not None else (1, index)


def days_of(count: Decimal | int, unit: str) -> int:
    """A time span in calendar days: a week is 7, a month 30."""
    return int(count) * DAYS_OF[unit]


def day_after(today: date, count: int, unit: str) -> date | None:
    """The day after a span from today; months and years are the calendar's. None beyond the calendar."""
    try:
        if unit in ("month", "year"):
            return _plus_months(today, count * (12 if unit == "year" else 1))
        return today + timedelta(days=count * DAYS_OF[unit])
    except (OverflowError, ValueError):
        return None


def _plus_months(day: date, months: int) -> date:
    """The same day some months later, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
