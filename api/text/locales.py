"""The supported languages, and which of them a person gets.

One rule: an unknown or empty locale never fails but falls back: ``de_AT`` → ``de`` → ``en``.
"""

import re
from collections.abc import Iterable
from functools import cache

from babel.core import Locale, UnknownLocaleError

from api.text.commands import COMMAND_MARK

SUPPORTED = ("en", "de", "es", "ru", "ar")
"""Languages with a catalogue ``locales/<code>/LC_MESSAGES/parley.po``."""

DEFAULT = "en"
FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"

_LATIN = re.compile(
    rf"(?:{COMMAND_MARK}|[\w/@]|\.(?=/))(?:{COMMAND_MARK}|[!-~]| (?={COMMAND_MARK}|[\w@/+-]))*\w|\w", re.ASCII
)
"""A number, command, code or name in Latin letters, with its arguments: ``/quote RFQ-31 1: 1180 10d``."""


@cache
def chain(locale: str | None) -> tuple[str, ...]:
    """The catalogues for a locale, nearest first; always ends with English."""
    language = (locale or "").strip().replace("-", "_").split("_")[0].lower()
    return (language, DEFAULT) if language in SUPPORTED and language != DEFAULT else (DEFAULT,)


def locale_of(*candidates: str | None) -> str:
    """The first candidate whose language is supported (profile, platform, organisation), else English.

    A region is kept if Babel knows it, because it decides how numbers and dates are written: ``de_AT``.
    """
    return next((found for found in map(supported, candidates) if found), DEFAULT)


def supported(tag: str | None) -> str:
    """The locale of a tag if its language has a catalogue, else None."""
    cleaned = (tag or "").strip().replace("-", "_")
    return str(babel_locale(cleaned)) if cleaned.split("_")[0].lower() in SUPPORTED else ""


@cache
def babel_locale(tag: str | None) -> Locale:
    """Babel's locale for a tag such as ``de-AT``; if Babel lacks it, the language alone, or English."""
    cleaned = (tag or "").strip().replace("-", "_")
    for attempt in (cleaned, cleaned.split("_")[0], DEFAULT):
        try:
            return Locale.parse(attempt)
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return Locale(DEFAULT)


@cache
def right_to_left(locale: str) -> bool:
    """Whether the locale is written from right to left."""
    return babel_locale(locale).text_direction == "rtl"


def comma_separated(parts: Iterable[str], locale: str) -> str:
    """``a, b, c``, with the comma of the locale's script."""
    return ("، " if right_to_left(locale) else ", ").join(parts)


def isolate(text: str) -> str:
    """A number, code or name, wrapped so that it keeps its own direction inside right-to-left text."""
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"


def isolate_latin(sentence: str) -> str:
    """A right-to-left sentence whose commands and codes keep their own direction."""
    return _LATIN.sub(lambda found: isolate(found.group()), sentence)
