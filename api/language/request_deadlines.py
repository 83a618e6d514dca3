"""Days by which something is needed, said apart from it: ``Spätester Termin wäre der 21. Dezember``, ``by then``.

One rule: a sentence that asks for nothing says a deadline only with a word that wishes one (``deadline_words``) and one
day; any other day in it is when something happens, and so is the day of what has arrived or of who arrives.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache

from babel.core import Locale

from api.language.calendar_parts import week_at
from api.language.date_vocabulary import names
from api.language.dates import calendar_date_at, date_at
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import language_of, vocabulary, word_lists
from api.language.word_forms import WordForms

MIN_DAY_NAME = 3
MAX_ALONE = 5
MAX_DAYS = 300
"""A day without a year that is later than this was meant of the past."""


def deadline_in(tokens: Sequence[Token], locale: Locale, today: date) -> tuple[date, str] | None:
    """The only day of a sentence that wishes a deadline, and its words."""
    words = vocabulary(language_of(locale)).words
    if not _wishes_deadline(tokens, language_of(locale)):
        return None
    if any(
        words["not_before"].at(tokens, at) and len(tokens[at].word) > MIN_DAY_NAME
        for at in range(len(tokens))
    ):
        return None
    found = _days(tokens, locale, today)
    near = all((day - today).days <= MAX_DAYS for day, _ in found)
    return found[0] if near and len({day for day, _ in found}) == 1 else None


def _wishes_deadline(tokens: Sequence[Token], language: str) -> bool:
    """``they should arrive on 3 May``, but not ``the guests arrive on 3 May`` and ``it arrived on 3 May``."""
    places = range(len(tokens))
    if any(_forms("other_events", language).at(tokens, at) for at in places):
        return False
    events = _forms("deadline_events", language)
    if any(_forms("deadline_words", language).at(tokens, at) and not events.at(tokens, at) for at in places):
        return True
    happens = any(events.at(tokens, at) for at in places)
    alone = len(tokens) <= MAX_ALONE and bool(events.at(tokens, 0))  # ``Delivery on 3 May``
    wished = any(_forms("deadline_wishes", language).at(tokens, at) for at in places)
    return happens and (alone or wished)


def without_then(text: str, locale: Locale, today: date) -> tuple[str, tuple[date, str] | None]:
    """``moving on 10 December, we need 60 boxes by then``: the text without "by then", and the one day it names."""
    then = _then(language_of(locale))
    if then is None or len(found := list(then.finditer(text))) != 1:
        return text, None
    days = _days(tokenize(text[: found[0].start()]), locale, today)
    if len({day for day, _ in days}) != 1:
        return text, None
    after = text[found[0].end() :]
    apart = "," if after and after[0].isspace() and after.strip() else ""
    return f"{text[: found[0].start()]}{apart}{after}", days[0]


def _days(tokens: Sequence[Token], locale: Locale, today: date) -> list[tuple[date, str]]:
    """The days with a month or the name of a day, one after the other."""
    found: list[tuple[date, str]] = []
    at = 0
    while at < len(tokens):
        day = _day_at(tokens, at, locale, today)
        if day is None:
            at += 1
            continue
        after = names(language_of(locale)).weekdays.at(tokens, day[1])  # ``7 Aralık Pazartesi``
        found.append((day[0], " ".join(token.raw for token in tokens[at : day[1]]).strip(" .,!?")))
        at = after[1] if after is not None else day[1]
    return found


def _day_at(tokens: Sequence[Token], at: int, locale: Locale, today: date) -> tuple[date, int] | None:
    weekday = names(language_of(locale)).weekdays.at(tokens, at)
    near = vocabulary(language_of(locale)).days.at(tokens, at)
    named = (weekday is not None and len(tokens[at].word) > MIN_DAY_NAME) or near is not None
    found = calendar_date_at(tokens, at, locale, today) or (
        date_at(tokens, at, locale, today) if named or week_at(tokens, at, locale, today) else None
    )
    return (found[0], found[1]) if found is not None and isinstance(found[0], date) else None


@cache
def _forms(kind: str, language: str) -> WordForms:
    return WordForms([*word_lists("en")[kind], *word_lists(language)[kind]])


@cache
def _then(language: str) -> re.Pattern[str] | None:
    phrases = {**word_lists(language).get("by_then", {}), **word_lists("en")["by_then"]}
    written = "|".join(re.escape(each) for each in sorted(phrases, key=len, reverse=True))
    return re.compile(rf",?\s*(?<!\w)(?:{written})(?!\w)", re.IGNORECASE)
