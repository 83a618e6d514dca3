"""Reads a yes or a no in a chat message: "ok", "approved, thanks", "no, too dear".

    read_verdict("ok, thanks", "en")      → approve
    read_verdict("no, too dear", "en")    → reject, "too dear"
    read_verdict("ok but later", "en")    → nothing

One rule: it only reads, and a button decides.

A question, a condition or a doubt is no verdict; nor is a no that is taken back: ``no, that is ok``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from api.language.language_tags import locale_for
from api.language.tokenizer import Phrases, Token, clean, tokenize
from api.language.verdict_vocabulary import VERDICTS
from core.approvals.states import Verdict

MAX_VERDICT_LENGTH = 500
_PAUSES = str.maketrans(
    {"،": ", ", "؛": ", ", ";": ", ", ":": ", ", "–": ", ", "—": ", ", "\n": ", ", "’": "'"}
)
_ENDS = (",", "-", ".", "!")


@dataclass(frozen=True)
class VerdictReading:
    """The verdict that the words express, and their reason for a no."""

    verb: Verdict
    comment: str = ""


@cache
def _phrases(language: str) -> Phrases[str]:
    """The phrases of a person's own language and the English ones; their own language wins."""
    return Phrases(VERDICTS["en"] | VERDICTS.get(language, {}))


def read_verdict(text: str, locale: str) -> VerdictReading | None:
    """The verdict of these words, in the person's language or in English; None when they are none."""
    cleaned = clean(text).strip()
    if not cleaned or len(cleaned) > MAX_VERDICT_LENGTH or "?" in cleaned or "؟" in cleaned:
        return None
    normalized = cleaned.translate(_PAUSES)
    tokens = tokenize(normalized)
    phrases = _phrases(locale_for(locale).language)
    if _says_yes(tokens, phrases):
        return VerdictReading(Verdict.approve)
    after = _after_no(tokens, phrases)
    if after is None:
        return None
    if _takes_back(tokens[after:], phrases):
        return None
    rest = normalized[tokens[after].start :] if after < len(tokens) else ""
    return VerdictReading(Verdict.reject, _tidy(rest))


def _says_yes(tokens: Sequence[Token], phrases: Phrases[str]) -> bool:
    """Whether the words are a yes with nothing but courtesy around it."""
    index, yes = 0, False
    while index < len(tokens):
        if _is_pause(tokens[index]):
            index += 1
            continue
        found = phrases.at(tokens, index)
        if found is None or found[0] not in ("yes", "courtesy"):
            return False
        yes, index = yes or found[0] == "yes", found[1]
    return yes


def _after_no(tokens: Sequence[Token], phrases: Phrases[str]) -> int | None:
    """Where the reason begins when a no comes first."""
    found = phrases.at(tokens, 0)
    if found is None or found[0] not in ("no", "never"):  # also "neither", which begins with a no
        return None
    index, last = found[1], tokens[found[1] - 1]
    ended = index == len(tokens) or last.raw.endswith(_ENDS) or _is_pause(tokens[index])
    after = phrases.at(tokens, index)
    if found[0] == "never" or ended or (after is not None and after[0] == "so"):
        while index < len(tokens) and _is_pause(tokens[index]):
            index += 1
        return index
    return None


def _takes_back(rest: Sequence[Token], phrases: Phrases[str]) -> bool:
    """``no, that is ok``, ``not approved yet``, ``No. 2``: what follows a no makes it none."""
    if not rest:
        return False
    if rest[0].raw[0].isdigit():
        return len(rest) > 1 and not rest[0].raw.endswith(_ENDS)
    kinds, index = [], 0
    while index < len(rest):
        found = phrases.at(rest, index)
        if found is None and not _is_pause(rest[index]):
            return False
        kinds += [found[0]] if found is not None else []
        index = found[1] if found is not None else index + 1
    return bool(kinds) and ("yes" in kinds or set(kinds) == {"yet"})


def _is_pause(token: Token) -> bool:
    return not any(char.isalnum() for char in token.raw) and token.word.strip("-.,!") == ""


def _tidy(rest: str) -> str:
    return " ".join(rest.replace(" ,", ",").split()).strip(" ,-")
