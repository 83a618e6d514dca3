"""The words of the readers: a file per language, ``words/de.toml``, and what each kind in it means.

One rule: a text is read with the words of one language and of English, never with all at once.

The same letters can mean different things (``Tag`` is a day in German); a language's own word wins.

    clauses, units, counts, currencies, answers, days, spans, alone, nth, months, weekdays      what the word names
    numbers, scales       numbers in words beyond ``counts``, and what multiplies them: ``hundred``
    words      words that only say how the others are to be taken: courtesies, "each", "of", signatures
    quote      the labels of a quote: ``lead`` before a lead time, ``payment`` before a span that is none

``currencies`` names one or several codes (``MXN/ARS``: asked), ``dollar`` for the dollar that is spoken of, and
``hundredth/GBP`` for the hundredths of one: pence.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.core import Locale

from api.language.tokenizer import Phrases, fold
from api.language.wishing_verbs import Wishes

FOLDER = Path(__file__).parent / "words"
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))
"""The languages whose lines are read."""

Table = Mapping[str, str]
"""The kind of each phrase."""

CASE_SENSITIVE_UNITS = frozenset({"g", "t", "l", "m", "h", "w", "v"})
"""Single letters are units only in lower case: ``3 T shirts`` are not three tonnes."""
MIN_EACH_ABROAD = 7
DOLLARS = ("USD", "CAD", "AUD", "MXN", "SGD", "HKD", "NZD", "TWD", "CLP", "COP", "ARS", "BRL")
COMMON_CURRENCIES = frozenset(
    {"USD", "EUR", "GBP", "CHF", "JPY", "CNY", "RUB", "PLN", "CZK", "SEK", "NOK", "DKK", "HUF"}
    | {"INR", "MXN", "BRL", "ZAR", "AED", "KZT", "UAH", "KWD"}
)
"""These also count in lower case; the others only in capitals, because ``all``, ``top`` and ``try`` are words."""


@dataclass(frozen=True)
class Vocabulary:
    """The tables of one language merged with the English ones, ready for matching."""

    clauses: Phrases[str]
    units: Phrases[str]
    counts: Phrases[str]
    numbers: Phrases[str]
    scales: Phrases[str]
    currencies: Phrases[str]
    answers: Phrases[str]
    quote: Phrases[str]
    days: Phrases[str]
    spans: Phrases[str]
    alone: Phrases[str]
    nth: Phrases[str]
    words: Mapping[str, Phrases[str]]
    openings: Wishes
    own_counts: Phrases[str]
    """Numbers in words, but for the articles."""
    scale_words: tuple[tuple[str, int], ...]
    """The scales of the language as they are written within a number: ``dreihundert``."""

    @property
    def multipliers(self) -> Phrases[str]:
        """They change the number before them: ``two hundred`` is asked about, never read as two."""
        return self.words["multipliers"]

    @property
    def courtesies(self) -> Phrases[str]:
        return self.words["courtesies"]

    @property
    def urgencies(self) -> Phrases[str]:
        return self.words["urgencies"]

    @property
    def of(self) -> Phrases[str]:
        return self.words["of"]

    @property
    def price_at(self) -> Phrases[str]:
        return self.words["price_at"]

    @property
    def each(self) -> Phrases[str]:
        return self.words["each"]

    @property
    def dimensions(self) -> Phrases[str]:
        return self.words["dimensions"]


def language_of(locale: Locale) -> str:
    """The language whose words are used next to the English ones."""
    return locale.language if locale.language in LANGUAGES else "en"


@cache
def vocabulary(language: str) -> Vocabulary:
    """The words of a language and of English; a language's own word overrides the English one."""
    own, english = tables(language), tables("en")
    names = (
        "clauses", "units", "counts", "numbers", "scales", "currencies", "answers", "quote", "days", "spans",
        "alone", "nth",
    )  # fmt: skip
    shared = {
        **english,
        "counts": _without_articles(english["counts"]) if language != "en" else english["counts"],
    }
    own_counts = own.get("counts", {})
    shared["numbers"] = _whole(english["numbers"]) if language != "en" else english["numbers"]
    shared["clauses"] = {
        phrase: kind for phrase, kind in english["clauses"].items() if phrase not in own_counts
    }
    own_talk = word_lists(language).get("link", {})
    shared["quote"] = {phrase: kind for phrase, kind in english["quote"].items() if phrase not in own_talk}
    merged = {name: Phrases({**shared.get(name, {}), **own.get(name, {})}) for name in names}
    own_lists, english_lists = word_lists(language), word_lists("en")
    words = {
        kind: Phrases({**english_lists.get(kind, {}), **own_lists.get(kind, {})})
        for kind in {kind: None for each in LANGUAGES for kind in word_lists(each)}
    }
    scale_words = tuple((phrase, int(value)) for phrase, value in own.get("scales", {}).items())
    openings = Wishes(
        {**english_lists["openings"], **own_lists["openings"]},
        language,
        own_lists,
        (merged["counts"], merged["units"]),
    )
    words["openings"] = openings
    words["each"] = Phrases({**_each_abroad(), **english_lists["each"], **own_lists.get("each", {})})
    several = Phrases({phrase: count for phrase, count in own_counts.items() if count != "1"})
    return Vocabulary(**merged, words=words, openings=openings, own_counts=several, scale_words=scale_words)


@cache
def _each_abroad() -> Table:
    """``par pièce``, ``pro Stück``: whoever writes in one language still says these in another."""
    every = (phrase for language in LANGUAGES for phrase in word_lists(language).get("each", {}))
    return {phrase: "each" for phrase in every if " " in phrase and len(phrase) > MIN_EACH_ABROAD}


@cache
def tables(language: str) -> Mapping[str, Table]:
    """What a language's file says: the kind of each phrase, table by table."""
    return {
        name: _labels(kinds) if name == "quote" else _by_phrase(kinds)
        for name, kinds in _file(language).items()
        if name != "words"
    }


def _without_articles(counts: Table) -> Table:
    """``a`` counts in English; elsewhere it is another word: ``à tous``, ``a cada uno``."""
    return {phrase: count for phrase, count in counts.items() if phrase not in ("a", "an")}


def _whole(numbers: Table) -> Table:
    """``half`` and ``a dozen`` are read in English only."""
    return {phrase: number for phrase, number in numbers.items() if number.isdigit() and " " not in phrase}


def _by_phrase(kinds: Mapping[str, str]) -> dict[str, str]:
    return {phrase: kind for kind, phrases in kinds.items() for phrase in phrases_of(phrases)}


def _labels(kinds: Mapping[str, str]) -> dict[str, str]:
    """The kinds of each label, in the order of the file: ``bis`` stands before a day, or before a limit."""
    found: dict[str, dict[str, None]] = {}
    for kind, phrases in kinds.items():
        for phrase in phrases_of(phrases):
            found.setdefault(phrase, {})[kind] = None
    return {phrase: "/".join(each) for phrase, each in found.items()}


@cache
def word_lists(language: str) -> Mapping[str, Table]:
    """The file's ``words``: a phrase may be in several lists, so each is a table of its own."""
    return {
        kind: dict.fromkeys(phrases_of(phrases), kind) for kind, phrases in _file(language)["words"].items()
    }


def written_words(language: str, kind: str) -> list[str]:
    """One of the lists in ``words`` with its accents."""
    return [phrase.strip() for phrase in _file(language)["words"].get(kind, "").split("|") if phrase.strip()]


@cache
def _file(language: str) -> Mapping[str, Mapping[str, str]]:
    with (FOLDER / f"{language}.toml").open("rb") as file:
        return tomllib.load(file)


def phrases_of(text: str) -> list[str]:
    """``"each | per piece"`` as phrases, each folded for comparison."""
    found = (" ".join(fold(word) or word for word in phrase.split()) for phrase in text.split("|"))
    return [phrase for phrase in found if phrase]
