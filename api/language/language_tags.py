"""Finds the Babel locale for a language tag.

One rule: any tag gives a locale; an unknown one falls back to its language, then to English.
"""

from functools import lru_cache

from babel.core import Locale, UnknownLocaleError


@lru_cache(maxsize=256)
def locale_for(tag: str) -> Locale:
    """``de-AT`` or ``de_AT`` as Babel's locale; if Babel lacks it, the language alone, or English."""
    cleaned = tag.strip().replace("-", "_")
    for attempt in (cleaned, cleaned.split("_")[0]):
        try:
            return Locale.parse(attempt)
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return Locale("en")
