"""Converts days as people write them to absolute dates.

One rule: a date is accepted only when it has exactly one reading.

``12/01/2026`` is asked about in English, ``Friday`` is asked about on a Friday, ``next week`` and
``December`` are always asked about. A day without a year is the next one to come.

    2026-12-01 · 1 Dec 2026 · Dec 1st · 1. Dezember · 5 de diciembre · 5 декабря      calendar
    01.12.2026 (de, ru; elsewhere asked) · 01/12/2026 (es; asked in English)          digits
    today · Friday · this Friday · in 2 weeks                                         counted from today
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from babel.core import Locale

from api.language.date_vocabulary import (
    ALONE,
    DAYS,
    FILLERS,
    IN,
    NEXT,
    NEXT_AFTER,
    SHORT_SPANS,
    THIS,
    CalendarNames,
    names,
)
from api.language.readings import Ambiguous, NotUnderstood, ParseIssue
from api.language.tokenizer import Phrases, Token, tokenize
from api.language.vocabulary import language_of, listed, vocabulary

DateReading = date | Ambiguous | NotUnderstood
Found = tuple[DateReading, int]

MAX_DAYS_AHEAD = 3660
_TABLES = {
    "days": DAYS,
    "in": IN,
    "next": NEXT,
    "next_after": NEXT_AFTER,
    "this": THIS,
    "fillers": FILLERS,
    "short": SHORT_SPANS,
    "alone": ALONE,
}

_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", re.ASCII)
_DIGITS = re.compile(r"(\d{1,2})([./])(\d{1,2})(?:\2(\d{4}|\d{2})|\.)?", re.ASCII)
_DAY = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th|º|-?го|-?е)?", re.ASCII)
_YEAR = re.compile(r"(?:19|20|21)\d\d", re.ASCII)


def read_date(text: str, locale: Locale, today: date) -> DateReading:
    """A date that is the whole text."""
    tokens = tokenize(text)
    if not tokens:
        return NotUnderstood(text=text, why=ParseIssue.empty)
    found = date_at(tokens, 0, locale, today)
    if found is None or found[1] < len(tokens):
        return NotUnderstood(text=text, why=ParseIssue.date)
    return found[0]


def date_at(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Found | None:
    """The date that begins at a position and the position after it, or None when none begins there."""
    start = _skip(FILLERS, tokens, index, locale)
    if start >= len(tokens):
        return None
    for reader in (_weekday, _iso, _digits, _day_month, _month_day, _relative, _counted, _month):
        found = reader(tokens, start, locale, today)
        if found is not None:
            return _named(found, tokens, start)
    return None


def _named(found: Found, tokens: Sequence[Token], start: int) -> Found:
    """The reading with the text it was read from."""
    reading, end = found
    text = " ".join(token.raw for token in tokens[start:end])
    if isinstance(reading, date):
        return found
    return reading.model_copy(update={"text": text}), end


def _ask(*days: date) -> Ambiguous:
    return Ambiguous(text="", readings=tuple(day.isoformat() for day in days))


def _no_date() -> NotUnderstood:
    return NotUnderstood(text="", why=ParseIssue.date)


def _safe(year: int, month: int, day: int) -> DateReading:
    try:
        return date(year, month, day)
    except ValueError:
        return _no_date()


def _coming(month: int, day: int, today: date) -> DateReading:
    """The next such day from today on; 29 February means the next leap year's."""
    for year in range(today.year, min(today.year + 9, 9999)):
        reading = _safe(year, month, day)
        if isinstance(reading, date) and reading >= today:
            return reading
    return _no_date()


def _iso(tokens: Sequence[Token], index: int, _: Locale, today: date) -> Found | None:
    match = _ISO.fullmatch(tokens[index].word)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    return _safe(year, month, day), index + 1


def _digits(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Found | None:
    match = _DIGITS.fullmatch(tokens[index].raw.strip(",:;!?()"))
    if match is None:
        return None
    first, sign, second, year = int(match[1]), match[2], int(match[3]), match[4]
    if year is None:
        return (
            (_coming(second, first, today), index + 1)
            if _day_first(locale, sign)
            else (_no_date(), index + 1)
        )
    full = int(year) if len(year) == 4 else 2000 + int(year)
    if _day_first(locale, sign):
        return _safe(full, second, first), index + 1
    if len(year) == 2:
        return _no_date(), index + 1
    both = (_safe(full, second, first), _safe(full, first, second))
    days = sorted({reading for reading in both if isinstance(reading, date)})
    if not days:
        return _no_date(), index + 1
    return (days[0] if len(days) == 1 else _ask(*days)), index + 1


def _day_first(locale: Locale, sign: str) -> bool:
    """Whether digits with this separator are the locale's own form, day first; English uses both orders."""
    pattern = str(locale.date_formats["short"].pattern)
    return locale.language != "en" and pattern.startswith("d") and sign in pattern


def _day_month(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Found | None:
    match = _DAY.fullmatch(tokens[index].raw.casefold().strip(",:;!?()"))
    if match is None:
        return None
    month_index = _skip(FILLERS, tokens, index + 1, locale)
    month = _names(locale).months.at(tokens, month_index)
    if month is None:
        return None
    return _with_year(tokens, month[1], (month[0], int(match[1])), locale, today)


def _month_day(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Found | None:
    month = _names(locale).months.at(tokens, index)
    if month is None or month[1] >= len(tokens):
        return None
    match = _DAY.fullmatch(tokens[month[1]].word)
    if match is None:
        return None
    return _with_year(tokens, month[1] + 1, (month[0], int(match[1])), locale, today)


def _with_year(
    tokens: Sequence[Token], index: int, month_day: tuple[int, int], locale: Locale, today: date
) -> Found:
    """The day with the year that follows it (``2026``, ``, 2026``, ``de 2026``), or the next such day."""
    comma = index < len(tokens) and tokens[index].raw == ","
    year_index = _skip(FILLERS, tokens, index + comma, locale)
    if year_index < len(tokens) and _YEAR.fullmatch(tokens[year_index].word):
        after = _skip_one({"г", "года"}, tokens, year_index + 1)
        return _safe(int(tokens[year_index].word), *month_day), after
    return _coming(*month_day, today), index


def _month(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Found | None:
    """A month alone has two readings: its first or its last day."""
    month = _names(locale).months.at(tokens, index)
    if month is None:
        return None
    number, after = month
    year = today.year if number >= today.month else today.year + 1
    if after < len(tokens) and _YEAR.fullmatch(tokens[after].word):
        year, after = int(tokens[after].word), after + 1
    if year > 9999:
        return _no_date(), after
    return _ask(date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])), after


def _weekday(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Found | None:
    """``Friday``, ``this Friday``, ``next Friday`` (ambiguous), and ``Fri 4 Dec`` when both agree."""
    this, after = _marked(THIS, tokens, index, locale)
    following, after = (False, after) if this else _marked(NEXT, tokens, index, locale)
    weekday = _names(locale).weekdays.at(tokens, after)
    if weekday is None:
        return None
    ahead = timedelta(days=(weekday[0] - today.weekday()) % 7)
    coming, index_after = _plus(today, ahead), weekday[1]
    behind = _phrases("next_after", language_of(locale)).at(tokens, index_after)
    following, index_after = (True, behind[1]) if behind else (following, index_after)
    comma = index_after < len(tokens) and tokens[index_after].raw == ","
    for reader in (_iso, _digits, _day_month, _month_day):
        start = _skip(FILLERS, tokens, index_after + comma, locale)
        exact = reader(tokens, start, locale, today) if start < len(tokens) else None
        if exact is not None:
            return _agreeing(exact, weekday[0], coming)
    if isinstance(coming, date) and (following or (not ahead and not this)):
        later = _plus(coming, timedelta(days=7))
        return (_ask(coming, later) if isinstance(later, date) else later), index_after
    return coming, index_after


def _agreeing(exact: Found, weekday: int, coming: DateReading) -> Found:
    day, after = exact
    if isinstance(day, date) and day.weekday() != weekday and isinstance(coming, date):
        return _ask(day, coming), after
    return exact


def _relative(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Found | None:
    """today, tomorrow; ``next week`` and ``next month`` are ambiguous: their first or their last day."""
    found = _phrases("days", language_of(locale)).at(tokens, index)
    if found is None:
        return None
    what, after = found
    if what.isdigit():
        return _plus(today, timedelta(days=int(what))), after
    if what == "week":
        monday = _plus(today, timedelta(days=7 - today.weekday()))
        friday = _plus(today, timedelta(days=11 - today.weekday()))
        asked = (monday, friday)
    else:
        first = _plus_months(today.replace(day=1), 1)
        asked = (first, _plus_months(first, 1) if isinstance(first, date) else first)
        asked = (first, _plus(asked[1], timedelta(days=-1)) if isinstance(asked[1], date) else asked[1])
    days = [day for day in asked if isinstance(day, date)]
    return (_ask(*days) if len(days) == 2 else _no_date()), after


def _counted(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Found | None:
    """``in 2 weeks``, ``within ten days``."""
    start = _phrases("in", language_of(locale)).at(tokens, index)
    if start is None:
        return None
    span = span_at(tokens, start[1], locale)
    if span is None:
        return None
    count, unit, after = span
    if count * {"day": 1, "week": 7, "month": 31}[unit] > MAX_DAYS_AHEAD:
        return _no_date(), after
    if unit == "month":
        return _plus_months(today, count), after
    return _plus(today, timedelta(days=count * (7 if unit == "week" else 1))), after


def span_at(tokens: Sequence[Token], index: int, locale: Locale) -> tuple[int, str, int] | None:
    """``2 weeks``, ``10d``, ``a week``, ``неделю``: a count and a unit, and the position after them."""
    language = language_of(locale)
    alone = alone_at(tokens, index, locale)
    if alone is not None:
        return alone
    for counted, unit_index in _counts(tokens, index, locale):
        found = _span_unit(tokens, unit_index, language)
        if found is not None:
            return counted, *found
    short = re.fullmatch(r"(\d{1,4})(\D{1,7})", tokens[index].word, re.ASCII) if index < len(tokens) else None
    found = _span_unit(tokenize(short[2]), 0, language) if short is not None else None
    return (int(short[1]), found[0], index + 1) if short is not None and found is not None else None


def alone_at(tokens: Sequence[Token], index: int, locale: Locale) -> tuple[int, str, int] | None:
    """``неделю``, ``أسبوعين``: a time span in one word that includes the count."""
    found = _phrases("alone", language_of(locale)).at(tokens, index)
    if found is None:
        return None
    count, _, unit = found[0].partition(" ")
    return int(count), unit, found[1]


def _span_unit(tokens: Sequence[Token], index: int, language: str) -> tuple[str, int] | None:
    """day, week or month, written out or as its first letter."""
    found = _phrases("short", language).at(tokens, index) or vocabulary(language).units.at(tokens, index)
    return found if found is not None and found[0] in {"day", "week", "month"} else None


def _counts(tokens: Sequence[Token], index: int, locale: Locale) -> Iterator[tuple[int, int]]:
    """The count at a position and where its unit begins; a unit without a count means one."""
    if index >= len(tokens):
        return
    if re.fullmatch(r"\d{1,4}", tokens[index].word, re.ASCII):
        yield int(tokens[index].word), index + 1
        return
    number = vocabulary(language_of(locale)).counts.at(tokens, index)
    yield (int(number[0]), number[1]) if number is not None else (1, index)


def _plus(day: date, span: timedelta) -> DateReading:
    try:
        return day + span
    except OverflowError:
        return _no_date()


def _plus_months(day: date, months: int) -> DateReading:
    """The same day some months later, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > 9999:
        return _no_date()
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@cache
def _phrases(kind: str, language: str) -> Phrases[str]:
    return listed(_TABLES[kind], language)


def _names(locale: Locale) -> CalendarNames:
    return names(language_of(locale))


def _marked(table: dict[str, str], tokens: Sequence[Token], index: int, locale: Locale) -> tuple[bool, int]:
    kind = "this" if table is THIS else "next"
    found = _phrases(kind, language_of(locale)).at(tokens, index)
    return (True, found[1]) if found else (False, index)


def _skip(table: dict[str, str], tokens: Sequence[Token], index: int, locale: Locale) -> int:
    found = _phrases("fillers", language_of(locale)).at(tokens, index) if table is FILLERS else None
    return found[1] if found else index


def _skip_one(words: set[str], tokens: Sequence[Token], index: int) -> int:
    return index + 1 if index < len(tokens) and tokens[index].word in words else index


def days_of(count: Decimal | int, unit: str) -> int:
    """A time span in calendar days: a week is 7, a month 30."""
    return int(count) * {"day": 1, "week": 7, "month": 30}[unit]
