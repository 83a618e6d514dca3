"""The names of months and weekdays.

One rule: the names are Babel's in every width, plus common spellings that Babel does not list.
"""

from dataclasses import dataclass
from functools import cache

from babel.core import Locale

from api.language.tokenizer import Phrases, fold
from api.language.vocabulary import Table, tables


@dataclass(frozen=True)
class CalendarNames:
    """Months by number, weekdays by Python's number (Monday is 0)."""

    months: Phrases[int]
    weekdays: Phrases[int]


@cache
def names(language: str) -> CalendarNames:
    """The names of a language and of English."""
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    for each in dict.fromkeys(("en", language)):
        own = tables(each)
        months |= _babel_names(each, "months") | _numbered(own.get("months", {}))
        weekdays |= _babel_names(each, "days") | _numbered(own.get("weekdays", {}))
    return CalendarNames(Phrases(months), Phrases(weekdays))


def _numbered(table: Table) -> dict[str, int]:
    return {phrase: int(number) for phrase, number in table.items()}


def _babel_names(language: str, kind: str) -> dict[str, int]:
    table = getattr(Locale(language), kind)
    found: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            found |= {fold(str(name)): int(number) for number, name in table[context][width].items()}
    return found
