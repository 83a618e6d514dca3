"""Verbs that a quote is told in, in every form that they have: ``delivering``, ``zugestellt``, ``confirmáis``.

One rule: a word is found by its beginning, so no table holds the persons and tenses of a verb.

    arriving      what goods do, or is done with them: a day or a span beside it is when they are there
    ordering      what the buyer does: a day beside it is the last one to order
    offering      what the vendor does: it says nothing of a price
"""

import re
from functools import cache, lru_cache

from api.language.vocabulary import LANGUAGES, word_lists

ARRIVING = "arriving"
KEEPING = "keeping"
ORDERING = "ordering"
INQUIRY = "inquiry"
OFFERING = "offering"
PLAIN_LABELS = frozenset({ARRIVING, KEEPING, INQUIRY})
"""Labels that are also words for other things."""
MIN_TOLD = 4
_LISTS = (("delivering", ARRIVING), ("ordering", ORDERING), ("offering", OFFERING))
_PRONOUNS = {
    "it": re.compile(r"(\w{2,}[aei]r)(?:me|te|ce|ve|glie)?(?:l[oaei]|ne|[mtcv]i|gli|le)"),
    "es": re.compile(r"(\w{2,}[aei]r)(?:se|te|me|nos|os|les?)?(?:l[aoe]s?)?"),
    "pt": re.compile(r"(\w{2,})-(?:l?[oa]s?|lhes?|[mts]e|[nv]os)"),
}
"""Pronouns that are written as one word with a verb: ``darveli``, ``dejárselos``, ``fica-lhe``."""
_PREFIXES = ("وال", "بال", "ال", "و", "ب")
"""What Arabic writes as one word with the next: and, with, the."""


@lru_cache(maxsize=4096)
def told_kind(word: str, language: str) -> str | None:
    """What a word tells, in a language or in English; None for any other word."""
    if len(word) < MIN_TOLD or not word.replace("'", "").replace("-", "").isalpha():
        return None
    bare = next((word.removeprefix(each) for each in _PREFIXES if word.startswith(each)), word)
    if _has_pronouns(word, language):
        return OFFERING
    for name in dict.fromkeys((language, "en")):
        for kind, stems in _stems(name):
            if word.startswith(stems) or bare.startswith(stems):
                return kind
    return None


def _has_pronouns(word: str, language: str) -> bool:
    """Whether it is a verb of offering with the pronouns behind it."""
    pattern = _PRONOUNS.get(language)
    match = pattern.fullmatch(word) if pattern is not None else None
    offers = word_lists(language)["offers"] if match is not None else {}
    return match is not None and any(form in offers for form in (match[1], f"{match[1]}e"))


@cache
def _stems(language: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    lists = word_lists(language) if language in LANGUAGES else {}
    return tuple(
        (kind, tuple(stem for stem in lists.get(name, {}) if kind is not OFFERING or len(stem) >= MIN_TOLD))
        for name, kind in _LISTS
    )
