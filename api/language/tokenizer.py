"""Turns text into words: cleaned, split once, compared without case and accents.

One rule: any text takes linear time.

Characters that change the direction of text or are invisible are removed, so that what is read is what people
see.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

MAX_TEXT_LENGTH = 4000
"""The maximum length of a message; a longer one is refused, not truncated."""

_HIDDEN = frozenset(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad"
)
_TOKEN = re.compile(r"[^\s,]+(?:,[^\s,]+)*|,")
_ARABIC_COMMA = re.compile(r"،(?!\d)|(?<!\d)،")
"""Between digits it may group thousands or begin a fraction, so a number that contains it is not read."""
_SEGMENT = re.compile(r"[\n;]")
_EMOJI_CODE = re.compile(r":[a-z0-9_+-]+:")
SHORT = 40
"""Texts up to this length, mostly single words, are split once: the readers come back to them from several sides."""
LINE = 1_000
"""Texts up to this length are split once while one line is read."""
_EDGE = ".,:!?؟¿¡()\"'“”„«»"

T = TypeVar("T")


@dataclass(frozen=True)
class Token:
    """One word: as written, folded for comparison, and what preceded it."""

    raw: str
    word: str
    hard_space: bool = False
    start: int = 0
    end: int = 0


@lru_cache(maxsize=16)
def clean(text: str) -> str:
    """Text without control, direction and invisible characters, composed; line breaks stay."""
    kept = (_kept(char) for char in unicodedata.normalize("NFC", text.replace("\r\n", "\n")))
    return _ARABIC_COMMA.sub(",", "".join(kept)).replace("؛", ";").replace("؟", "?")


def _kept(char: str) -> str:
    if char in "\n\t\r":
        return "\n" if char == "\r" else char
    if char in _HIDDEN:
        return ""
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category in {"Zl", "Zp"}:
        return "\n"
    return "" if category in {"Cs", "Co", "Cn"} else " " if category == "Cc" else char


@lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """A word for comparison: without case, accents and punctuation around it."""
    plain = unicodedata.normalize("NFD", word.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char)).strip(_EDGE)


def segments(text: str) -> list[str]:
    """The parts between line breaks and semicolons that are not empty."""
    return [part.strip() for part in _SEGMENT.split(text) if part.strip(" \t,.")]


def tokenize(segment: str) -> list[Token]:
    """Words in order; a comma that ends a word is a word of its own."""
    if len(segment) <= SHORT:
        return list(_tokens_of_short(segment))
    return list(_tokens_of_line(segment)) if len(segment) <= LINE else _tokens(segment)


def _tokens(segment: str) -> list[Token]:
    tokens = []
    for match in _TOKEN.finditer(segment):
        before = segment[match.start() - 1] if match.start() else ""
        raw = match.group()
        tokens.append(
            Token(
                raw, fold(raw) or raw, before in "\u00a0\u202f" and before != "", match.start(), match.end()
            )
        )
    return tokens


@lru_cache(maxsize=1024)
def _tokens_of_short(segment: str) -> tuple[Token, ...]:
    return tuple(_tokens(segment))


@lru_cache(maxsize=64)
def _tokens_of_line(segment: str) -> tuple[Token, ...]:
    """Kept while one line is read: a dozen steps look at its words."""
    return tuple(_tokens(segment))


def is_emoji(raw: str) -> bool:
    """Whether a word is signs that say nothing: ``🙏``, ``👍🏽``, ``:pray:``."""
    return _EMOJI_CODE.fullmatch(raw) is not None or all(
        unicodedata.category(char) in {"So", "Sk", "Mn", "Cf"} for char in raw
    )


class Phrases(Generic[T]):
    """A table of phrases of one or more words; the longest phrase at a position wins."""

    def __init__(self, table: Mapping[str, T]) -> None:
        self._by_first: dict[str, list[tuple[list[str], T]]] = {}
        self.longest = max((len(phrase.split()) for phrase in table), default=0)
        """The number of words of the longest phrase."""
        self.phrases = tuple(table)
        for phrase, value in table.items():
            words = [fold(word) or word for word in phrase.split()]
            self._by_first.setdefault(words[0], []).append((words, value))
        for candidates in self._by_first.values():
            candidates.sort(key=lambda candidate: -len(candidate[0]))

    def at(self, tokens: Sequence[Token], index: int) -> tuple[T, int] | None:
        """The value of the longest phrase that begins here, and the position after it."""
        if not 0 <= index < len(tokens):
            return None
        candidates = self._by_first.get(tokens[index].word)
        if candidates is None:
            return None
        for words, value in candidates:
            after = index + len(words)
            # the first word is known to be the same, and most phrases have no other
            if len(words) == 1 or [token.word for token in tokens[index:after]] == words:
                return value, after
        return None
