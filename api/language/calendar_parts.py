"""Parts of the calendar as people name them: ``end of December``, ``Ende Januar``, ``week 50``, ``December``.

One rule: a part is its possible days; one of them is a date, several are asked about.
"""

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta

from babel.core import Locale

from api.language.date_vocabulary import names
from api.language.tokenizer import Token
from api.language.vocabulary import language_of, vocabulary

Days = tuple[tuple[date, ...], int]
"""The possible days, and the position after the words."""

SOON = 7
"""With fewer days left, "the end of the month" may be the next month's."""
_YEAR = re.compile(r"(?:19|20|21)\d\d", re.ASCII)
_WEEK = re.compile(r"(\d{1,2})\.?", re.ASCII)


def part_at(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Days | None:
    """``end of January``, ``Jahresende``, ``Mitte Dezember``, ``Ocak sonu``."""
    words = vocabulary(language_of(locale)).words
    for kind in ("eoy", "eom"):
        named = words[kind].at(tokens, index)
        if named is not None and kind == "eoy":
            return (date(today.year, 12, 31),), named[1]
        if named is not None:
            return _month_end(today, exact=tokens[index].word == "eom"), named[1]
    for kind in ("end", "begin", "mid"):
        marked = words[kind].at(tokens, index) if kind in words else None
        found = _part_of(tokens, marked[1], locale, today, kind) if marked is not None else None
        if found is not None:
            return found
    month = _month_year(tokens, index, locale, today)
    after = words["end_after"].at(tokens, month[1]) if month is not None and "end_after" in words else None
    return (((_last(*month[0]),), after[1])) if month is not None and after is not None else None


def _part_of(tokens: Sequence[Token], index: int, locale: Locale, today: date, kind: str) -> Days | None:
    """What follows ``end of``: a month, or the words for this month and this year."""
    words = vocabulary(language_of(locale)).words
    fillers = words["fillers"].at(tokens, index)
    month = _month_year(tokens, index, locale, today) or (
        _month_year(tokens, fillers[1], locale, today) if fillers is not None else None
    )
    if month is not None:
        (year, number), after = month
        last = _last(year, number)
        ends = {"end": (last,), "begin": (date(year, number, 1), date(year, number, 10))}
        return ends.get(kind, (date(year, number, 11), date(year, number, 20))), after
    this_year, this_month = words["year_word"].at(tokens, index), words["month_word"].at(tokens, index)
    if kind != "end" or (this_year is None and this_month is None):
        return None
    if this_year is not None:
        return (date(today.year, 12, 31),), this_year[1]
    return (_month_end(today, exact=False), this_month[1]) if this_month is not None else None


def _month_end(today: date, *, exact: bool) -> tuple[date, ...]:
    last = _last(today.year, today.month)
    if exact or (last - today).days >= SOON or today.year >= 9999:
        return (last,)
    following = last + timedelta(days=1)
    return last, _last(following.year, following.month)


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _month_year(
    tokens: Sequence[Token], index: int, locale: Locale, today: date
) -> tuple[tuple[int, int], int] | None:
    """A month with its year, or the next such month; None beyond the calendar."""
    month = names(language_of(locale)).months.at(tokens, index)
    if month is None:
        return None
    number, after = month
    year = today.year if number >= today.month else today.year + 1
    if after < len(tokens) and _YEAR.fullmatch(tokens[after].word):
        year, after = int(tokens[after].word), after + 1
    return ((year, number), after) if year <= 9999 else None


def month_at(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Days | None:
    """A month alone has two readings: its first or its last day."""
    found = _month_year(tokens, index, locale, today)
    if found is None:
        return None
    (year, number), after = found
    return (date(year, number, 1), _last(year, number)), after


def week_at(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Days | None:
    """``week 50``, ``KW 50``, ``50. KW``: its Monday or its Friday."""
    word = vocabulary(language_of(locale)).words["week"]
    marked, number = word.at(tokens, index), _WEEK.fullmatch(tokens[index].word)
    if marked is not None and marked[1] < len(tokens):
        match, after = _WEEK.fullmatch(tokens[marked[1]].word), marked[1] + 1
    elif number is not None and tokens[index].raw.endswith("."):
        behind = word.at(tokens, index + 1)
        match, after = (number, behind[1]) if behind is not None else (None, index)
    else:
        match, after = re.fullmatch(r"(?:kw|cw|wk)(\d{1,2})", tokens[index].word, re.ASCII), index + 1
    if match is None or not 1 <= int(match[1]) <= 53:
        return None
    return _days_of_week(int(match[1]), today), after


def _days_of_week(week: int, today: date) -> tuple[date, ...]:
    """Monday and Friday of the next such week; none where the year has no such week."""
    for year in (today.year, min(today.year + 1, 9999)):
        try:
            friday = date.fromisocalendar(year, week, 5)
            if friday >= today:
                return date.fromisocalendar(year, week, 1), friday
        except (ValueError, OverflowError):
            continue
    return ()
