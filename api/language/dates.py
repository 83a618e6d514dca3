"""Converts days as people write them to absolute dates.

One rule: a date is accepted only when it has exactly one reading.

``12/01/2026`` is asked about in English, ``Friday`` is asked about on a Friday, ``next week`` and
``December`` are always asked about. A day without a year is the next one to come.

    2026-12-01 · 1 Dec 2026 · 1 Dec 27 · Dec 1st · 1. Dezember · 5 de diciembre       calendar
    01.12.2026 (de, ru; elsewhere asked) · 01/12/2026 (es; asked in English)          digits
    today · Friday · this Friday · in 2 weeks · Thursday the 24th                     counted from today
    end of December · end of the year · week 50 (asked: Monday or Friday)             parts of the calendar
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from babel.core import Locale

from api.language.calendar_parts import month_at, part_at, week_at
from api.language.date_vocabulary import CalendarNames, names
from api.language.readings import Ambiguous, NotUnderstood, ParseIssue
from api.language.spans import DAYS_OF, MAX_DAYS_AHEAD, day_after, span_at
from api.language.tokenizer import Phrases, Token
from api.language.vocabulary import Vocabulary, language_of, vocabulary

DateReading = date | Ambiguous | NotUnderstood
Found = tuple[DateReading, int]

_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", re.ASCII)
_DIGITS = re.compile(r"(\d{1,2})([./])(\d{1,2})(?:\2(\d{4}|\d{2})\.?|\.)?", re.ASCII)
_DAY = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th|er|º|°|-?го|-?е|-?му)?", re.ASCII)
_ORDINAL = re.compile(r"(\d{1,2})(\.|st|nd|rd|th|º|-?го|-?е|-?му)", re.ASCII)
_HOUR = re.compile(r"\d{1,2}(?:[:.]\d\d)?(?:am|pm|h|uhr)(?:\d\d)?|\d{1,2}:\d\d", re.IGNORECASE | re.ASCII)
_YEAR = re.compile(r"(?:19|20|21)\d\d", re.ASCII)
_SHORT_YEAR = re.compile(r"['’]?(\d\d)", re.ASCII)


def date_at(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Found | None:
    """The date that begins at a position and the position after it, or None when none begins there."""
    start = _skip_fillers(tokens, index, locale)
    if start >= len(tokens):
        return None
    led = _counted(tokens, index, locale, today) if start > index else None
    if led is not None:  # ``w ciągu 2 tygodni`` begins as ``w piątek`` does
        return led
    readers: tuple[Callable[..., Found | None], ...] = (
        _weekday, _iso, _digits, _day_month, _month_day, _relative, _counted, _calendar_part
    )  # fmt: skip
    for reader in readers:
        found = reader(tokens, start, locale, today)
        if found is not None:
            return _named((found[0], _after_hour(tokens, found[1], locale)), tokens, start)
    return None


def _after_hour(tokens: Sequence[Token], index: int, locale: Locale) -> int:
    """``tomorrow 6am``, ``demain matin``: the time of a day changes no date."""
    hour = index < len(tokens) and _HOUR.fullmatch(tokens[index].raw.strip(",.;!?")) is not None
    part = _words(locale, "day_part").at(tokens, index + hour)
    return part[1] if part is not None else index + hour


def calendar_date_at(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Found | None:
    """A date that can be nothing else: with a month's name or a year, or a weekday with its day."""
    if index >= len(tokens):
        return None
    raw = tokens[index].raw.strip(",:;!?()")
    digits = _DIGITS.fullmatch(raw)
    for reader in (_iso, _digits, _day_month, _month_day):
        if reader is _digits and (digits is None or not (digits[4] or raw.endswith(".") or digits[2] == "/")):
            continue
        found = reader(tokens, index, locale, today)
        if found is not None:
            return _named(found, tokens, index)
    week = week_at(tokens, index, locale, today)
    return _named((_one_of(*week[0]), week[1]), tokens, index) if week is not None else None


def _named(found: Found, tokens: Sequence[Token], start: int) -> Found:
    """The reading with the text it was read from."""
    reading, end = found
    text = " ".join(token.raw for token in tokens[start:end])
    if isinstance(reading, date):
        return found
    return reading.model_copy(update={"text": text}), end


def ask_days(*days: date) -> Ambiguous:
    return Ambiguous(text="", readings=tuple(day.isoformat() for day in days))


def _no_date() -> NotUnderstood:
    return NotUnderstood(text="", why=ParseIssue.date)


def _one_of(*readings: DateReading) -> DateReading:
    """The only day among these, or a question about those that exist."""
    days = sorted({reading for reading in readings if isinstance(reading, date)})
    if not days:
        return _no_date()
    return days[0] if len(days) == 1 else ask_days(*days)


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
    own = _day_first(locale, sign)
    if year is None:
        if own:
            return _coming(second, first, today), index + 1
        return _one_of(_coming(second, first, today), _coming(first, second, today)), index + 1
    full = int(year) if len(year) == 4 else 2000 + int(year)
    if own:
        return _safe(full, second, first), index + 1
    return _one_of(_safe(full, second, first), _safe(full, first, second)), index + 1


def _day_first(locale: Locale, sign: str) -> bool:
    """Whether digits with this separator are the locale's own form, day first; English uses both orders."""
    pattern = str(locale.date_formats["short"].pattern).lstrip("\u200f\u200e")
    return locale.language != "en" and pattern.startswith("d") and sign in pattern


def _day_month(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Found | None:
    match = _DAY.fullmatch(tokens[index].raw.casefold().strip(",:;!?()"))
    if match is None:
        return None
    month_index = _skip_fillers(tokens, index + 1, locale)
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
    """The day with the year that follows it (``2026``, ``, 2026``, ``de 2026``, ``27``), or the next such day."""
    comma = index < len(tokens) and tokens[index].raw == ","
    year_index = _skip_fillers(tokens, index + comma, locale)
    if year_index < len(tokens) and _YEAR.fullmatch(tokens[year_index].word):
        after = _skip_one({"г", "года", "р", "року", "r", "roku"}, tokens, year_index + 1)
        return _safe(int(tokens[year_index].word), *month_day), after
    short = _SHORT_YEAR.fullmatch(tokens[index].raw.rstrip(".,;)")) if index < len(tokens) else None
    if (
        short is not None
        and 0 <= int(short[1]) - today.year % 100 <= 10
        and ends_value(tokens, index + 1, locale)
    ):
        return _safe(2000 + int(short[1]), *month_day), index + 1
    return _coming(*month_day, today), index


def ends_value(tokens: Sequence[Token], index: int, locale: Locale) -> bool:
    """Whether a value ends before this position: nothing, a comma or a clause follows."""
    if index >= len(tokens) or tokens[index].raw in {",", "-", "–", "—", "|", ")", "."}:
        return True
    vocab = _vocabulary(locale)
    found = (
        vocab.clauses.at(tokens, index)
        or vocab.quote.at(tokens, index)
        or vocab.courtesies.at(tokens, index)
        or vocab.words.get("answer_tail", vocab.of).at(tokens, index)
    )
    return found is not None or tokens[index].raw.startswith(("#", "@"))


def _weekday(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Found | None:
    """``Friday``, ``this Friday``, ``next Friday`` (ambiguous), and ``Fri 4 Dec`` when both agree."""
    this, after = _marked("this", tokens, index, locale)
    following, after = (False, after) if this else _marked("next", tokens, index, locale)
    weekday = _names(locale).weekdays.at(tokens, after)
    if weekday is None:
        return None
    ahead = timedelta(days=(weekday[0] - today.weekday()) % 7)
    coming, index_after = _plus(today, ahead), weekday[1]
    behind = _words(locale, "next_after").at(tokens, index_after)
    following, index_after = (True, behind[1]) if behind else (following, index_after)
    exact = _exact_after(tokens, index_after, locale, today)
    if exact is not None:
        return _agreeing(exact, weekday[0], coming)
    if isinstance(coming, date) and (following or (not ahead and not this)):
        return _one_of(coming, _plus(coming, timedelta(days=7))), index_after
    return coming, index_after


def _exact_after(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Found | None:
    """The day that follows a weekday: ``4 Dec``, ``the 24th``, ``, den 4.``"""
    comma = index < len(tokens) and tokens[index].raw == ","
    start = _skip_fillers(tokens, index + comma, locale)
    if start >= len(tokens):
        return None
    for reader in (_iso, _digits, _day_month, _month_day):
        exact = reader(tokens, start, locale, today)
        if exact is not None:
            return exact
    raw = tokens[start].raw.casefold().strip(",:;!?()")
    day = _ORDINAL.fullmatch(raw) or _DAY.fullmatch(raw)
    if day is None or not 1 <= int(day[1]) <= 31 or not ends_value(tokens, start + 1, locale):
        return None
    return _day_of_month(int(day[1]), today), start + 1


def _day_of_month(day: int, today: date) -> DateReading:
    """The next such day of a month, from today on."""
    for ahead in range(3):
        first = day_after(today.replace(day=1), ahead, "month")
        reading = _safe(first.year, first.month, day) if first is not None else _no_date()
        if isinstance(reading, date) and reading >= today:
            return reading
    return _no_date()


def _agreeing(exact: Found, weekday: int, coming: DateReading) -> Found:
    day, after = exact
    if isinstance(day, date) and day.weekday() != weekday and isinstance(coming, date):
        return ask_days(day, coming), after
    return exact


def _relative(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Found | None:
    """today, tomorrow; ``next week`` and ``next month`` are ambiguous: their first or their last day."""
    found = _vocabulary(locale).days.at(tokens, index)
    if found is None:
        return None
    what, after = found
    if what.isdigit():
        return _plus(today, timedelta(days=int(what))), after
    if what == "week":
        return _pair(
            _plus(today, timedelta(days=7 - today.weekday())),
            _plus(today, timedelta(days=11 - today.weekday())),
        ), after
    first = day_after(today.replace(day=1), 1, "month")
    following = day_after(today.replace(day=1), 2, "month")
    return _pair(
        first or _no_date(), _plus(following, timedelta(days=-1)) if following else _no_date()
    ), after


def _pair(first: DateReading, last: DateReading) -> DateReading:
    """The first or the last day of a time; no date where the calendar ends within it."""
    both = isinstance(first, date) and isinstance(last, date)
    return _one_of(first, last) if both else _no_date()


def _counted(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Found | None:
    """``in 2 weeks``, ``within ten days``."""
    start = _words(locale, "date_in").at(tokens, index)
    span = span_at(tokens, start[1], locale) if start is not None else None
    if span is None:
        return None
    count, unit, after = span
    if count * DAYS_OF[unit] > MAX_DAYS_AHEAD:
        return _no_date(), after
    return day_after(today, count, unit) or _no_date(), after


def _calendar_part(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> Found | None:
    """``end of December``, ``KW 50``, ``December``: one day, or a question about its first and its last."""
    for reader in (part_at, week_at, month_at):
        found = reader(tokens, index, locale, today)
        if found is not None:
            return (_one_of(*found[0]), found[1])
    return None


def _plus(day: date, span: timedelta) -> DateReading:
    try:
        return day + span
    except OverflowError:
        return _no_date()


def _vocabulary(locale: Locale) -> Vocabulary:
    return vocabulary(language_of(locale))


def _names(locale: Locale) -> CalendarNames:
    return names(language_of(locale))


def _words(locale: Locale, kind: str) -> Phrases[str]:
    return _vocabulary(locale).words[kind]


def _marked(kind: str, tokens: Sequence[Token], index: int, locale: Locale) -> tuple[bool, int]:
    found = _words(locale, kind).at(tokens, index)
    return (True, found[1]) if found else (False, index)


def _skip_fillers(tokens: Sequence[Token], index: int, locale: Locale) -> int:
    found = _words(locale, "fillers").at(tokens, index)
    return found[1] if found else index


def _skip_one(words: set[str], tokens: Sequence[Token], index: int) -> int:
    return index + 1 if index < len(tokens) and tokens[index].word in words else index
