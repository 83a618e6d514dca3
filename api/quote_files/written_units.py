"""The units of a vendor's file in any language: what a price or a quantity is for, and how long a delivery takes.

One rule: a unit that is known to be another one is asked about, and a span that is not exact is no number of days.
"""

from functools import lru_cache

from api.language.language_tags import locale_for
from api.language.spans import DAYS_OF, FoundSpan, days_of, wide_span_at
from api.language.tokenizer import clean, tokenize
from api.language.vocabulary import LANGUAGES, vocabulary

MOST_DAYS = 3650


@lru_cache(maxsize=4096)
def units_in(text: str) -> frozenset[str]:
    """What a unit may be, by the names of the vocabulary: ``Stk`` is pcs; a pack of several is itself.

    Empty for a word that names no unit.
    """
    tokens = tokenize(clean(text))
    if len(tokens) > 1 and tokens[0].word == "1":
        tokens = tokens[1:]
    found = (vocabulary(each).units.at(tokens, 0) for each in LANGUAGES)
    named = frozenset(each[0] for each in found if each is not None and each[1] == len(tokens))
    counted = bool(tokens) and tokens[0].word.isdecimal()
    return named or (frozenset({clean(text).strip()}) if counted else frozenset())


def is_other_unit(said: str, wanted: str) -> bool:
    """Whether both are known, and not the same."""
    one, other = units_in(said), units_in(wanted)
    return bool(one and other) and not one & other


def lead_days(text: str) -> int | None:
    """Calendar days of ``14``, ``14 days``, ``2 Wochen``; None for a range, working days and whatever is none."""
    tokens = tokenize(clean(text))
    if not tokens:
        return None
    if len(tokens) == 1 and tokens[0].word.isdecimal():
        days = {int(tokens[0].word)} if len(tokens[0].word) <= len(str(MOST_DAYS)) else set[int]()
    else:
        days = {days_of(span.low, span.unit) for each in LANGUAGES if (span := _exact(text, each))}
    return days.pop() if len(days) == 1 and max(days) <= MOST_DAYS else None


def _exact(text: str, language: str) -> FoundSpan | None:
    """The span that is all of the text, when it has one end."""
    tokens = tokenize(clean(text))
    span = wide_span_at(tokens, 0, locale_for(language))
    return span if span is not None and span.after == len(tokens) and span.exact else None


@lru_cache(maxsize=4096)
def span_unit(text: str) -> str:
    """``week``, ``month`` or ``working days`` where a head says that it counts those; empty for days."""
    tokens = tokenize(clean(text))
    for language in LANGUAGES:
        words = vocabulary(language)
        for at in range(len(tokens)):
            if words.words["working"].at(tokens, at) is not None:
                return "working days"
            found = words.spans.at(tokens, at) or words.units.at(tokens, at)
            if found is not None and found[0] in DAYS_OF and found[0] != "day":
                return found[0]
    return ""
