"""Days by which something is needed, said apart from it: ``Spätester Termin wäre der 21. Dezember``, ``by then``.

One rule: a sentence that asks for nothing says a deadline only with a word that wishes one (``deadline_words``) and one
day; any other day in it is when something happens.
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


def deadline_in(tokens: Sequence[Token], locale: Locale, today: date) -> tuple[date, str] | None:
    """The only day of a sentence that wishes a deadline, and its words."""
    forms = _deadline_words(language_of(locale))
    words = vocabulary(language_of(locale)).words
    if not any(forms.at(tokens, at) for at in range(len(tokens))):
        return None
    if any(
        words["not_before"].at(tokens, at) and len(tokens[at].word) > MIN_DAY_NAME
        for at in range(len(tokens))
    ):
        return None
    found = _days(tokens, locale, today)
    return found[0] if len({day for day, _ in found}) == 1 else None


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
def _deadline_words(language: str) -> WordForms:
    return WordForms([*word_lists("en")["deadline_words"], *word_lists(language)["deadline_words"]])


@cache
def _then(language: str) -> re.Pattern[str] | None:
    phrases = {**word_lists(language).get("by_then", {}), **word_lists("en")["by_then"]}
    written = "|".join(re.escape(each) for each in sorted(phrases, key=len, reverse=True))
    return re.compile(rf",?\s*(?<!\w)(?:{written})(?!\w)", re.IGNORECASE)
