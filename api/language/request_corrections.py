"""Corrections in a request: ``not 4 but 6 chairs``, ``4, no sorry, 5 screens``, ``4 değil 6 baret``.

One rule: where only words of a correction stand between two numbers, the second is meant; what is taken back is
quoted.
"""

from collections.abc import Sequence

from babel.core import Locale

from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import language_of, vocabulary

MAX_BETWEEN = 5
MAX_BEFORE = 4


def without_corrections(text: str, locale: Locale) -> tuple[str, list[str]]:
    """The text as it was corrected, and what was taken back."""
    tokens = tokenize(text)
    for at in range(len(tokens)):
        meant = _meant_at(tokens, at, locale)
        if meant is None:
            continue
        begun = _begins(tokens, at, locale)
        if "\n" in text[tokens[begun].start : tokens[meant].start]:
            continue
        struck = text[tokens[begun].start : tokens[meant].start]
        return text[: tokens[begun].start] + text[tokens[meant].start :], [struck.strip(" ,.;")]
    return text, []


def _is_number(tokens: Sequence[Token], at: int, locale: Locale) -> bool:
    bare = tokens[at].raw.strip(".,;!?").isdigit()
    return bare or vocabulary(language_of(locale)).counts.at(tokens, at) is not None


def _meant_at(tokens: Sequence[Token], at: int, locale: Locale) -> int | None:
    """Where the number stands that is meant in the place of the one at ``at``."""
    if not _is_number(tokens, at, locale):
        return None
    words = vocabulary(language_of(locale)).words
    index, strong, weak = at + 1, False, False
    apart = tokens[at].raw[-1] in ",.;!?"
    while index < len(tokens) and index <= at + MAX_BETWEEN:
        if index > at + 1 and _is_number(tokens, index, locale):
            counts = index + 1 < len(tokens) and tokens[index + 1].raw[0].isalpha()
            said = strong or (weak and _begins(tokens, at, locale) < at)
            return index if counts and said else None
        corrected = words["corrected"].at(tokens, index)
        joined = words["but_this"].at(tokens, index)
        if corrected is None and joined is None and tokens[index].raw not in {",", "-", "–", "—", "..."}:
            return None
        apart = apart or tokens[index].raw in {",", "-", "–", "—", "..."}
        certain = corrected is not None and (apart or corrected[1] - index > 1)  # ``3 no. 8 brushes``
        strong, weak = strong or certain, weak or joined is not None or tokens[index].raw == ","
        index = max(each[1] for each in (corrected, joined, ("", index + 1)) if each is not None)
    return None


def _begins(tokens: Sequence[Token], at: int, locale: Locale) -> int:
    """Where what is taken back begins: at the "not" before its number."""
    negated = vocabulary(language_of(locale)).words["not_this"]
    for begun in range(max(0, at - MAX_BEFORE), at):
        found = negated.at(tokens, begun)
        if found is not None and found[1] == at:
            return begun
    return at


def without_explanation(sentence: str, locale: Locale) -> tuple[str, str]:
    """``one per bay and there are 4 bays, so 4 mirrors``: only the conclusion asks; and what explains it."""
    tokens = tokenize(sentence)
    words = vocabulary(language_of(locale)).words
    for at in range(1, len(tokens)):
        concluded = words["concluded"].at(tokens, at)
        if concluded is None or (
            tokens[at - 1].raw[-1] not in ",.;-–—" and not _is_counted_before(tokens, at, locale)
        ):
            continue
        start = concluded[1]
        if (
            start + 1 < len(tokens)
            and _is_number(tokens, start, locale)
            and tokens[start + 1].raw[0].isalpha()
        ):
            return sentence[tokens[start].start :], sentence[: tokens[start].start].strip(" ,")
    return sentence, ""


def _is_counted_before(tokens: Sequence[Token], at: int, locale: Locale) -> bool:
    """Without a comma something must have been counted: ``4 bays so 4 mirrors``."""
    return any(_is_number(tokens, each, locale) for each in range(at))
