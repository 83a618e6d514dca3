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
MAX_RESTATED = 16
"""So many words may stand between how many was said, and how many is meant."""
MIN_ALIKE = 4
"""So many letters of a word stay when its ending changes: ``5 laptopów``, ``2 laptopy``."""


Corrected = tuple[str, list[str], str | None]
"""The text as it was corrected, what was taken back or is not clear, and the number that may correct any line.

The number is None where nothing is unclear, and "" where what corrects has another unit or noun.
"""


def without_corrections(text: str, locale: Locale) -> Corrected:
    """The text as it was corrected; what may correct more than one line is taken out of it."""
    tokens = tokenize(text)
    for at in range(len(tokens)):
        meant = _meant_at(tokens, at, locale)
        if meant is None:
            continue
        begun = _begins(tokens, at, locale)
        if "\n" in text[tokens[begun].start : tokens[meant].start]:
            continue
        struck = text[tokens[begun].start : tokens[meant].start]
        return text[: tokens[begun].start] + text[tokens[meant].start :], [struck.strip(" ,.;")], None
    return _restated(text, tokens, locale)


def _restated(text: str, tokens: Sequence[Token], locale: Locale) -> Corrected:
    """``8 headsets – no, 9 headsets``, ``10 jugs 1.5 L... no sorry, make it 12``: how many is said again, behind words
    that correct."""
    numbers = [at for at in range(len(tokens)) if _is_number(tokens, at, locale)]
    for first, then in ((a, b) for a in numbers for b in numbers if a + 1 < b <= a + MAX_RESTATED):
        begun = _corrected_before(tokens, then, locale)
        if begun is None or begun <= first + 1 or tokens[first].raw[-1] in ".,:":
            continue
        rest = tokens[then + 1 :]
        again = (
            bool(rest)
            and tokens[then].raw[-1] not in ".,!"
            and rest[0].word[:MIN_ALIKE] == (tokens[first + 1].word[:MIN_ALIKE])
        )
        struck = text[tokens[first].start : tokens[then].start].strip(" ,.;")
        if again:
            return text[: tokens[first].start] + text[tokens[then].start :], [struck], None
        alone = not rest or tokens[then].raw[-1] in ".,!" or _is_only_talk(rest, locale)
        number = tokens[then].raw.strip(".,!?")
        if alone and any(each != first and _counts_noun(tokens, each, begun, locale) for each in numbers):
            return _unclear(text, tokens, begun, number)
        if alone:
            kept = text[tokens[first].end : tokens[begun].start].rstrip(" ,.;-–—…!?")
            ended = text[tokens[then].end :].lstrip(" .,!")
            return f"{text[: tokens[first].start]}{number}{kept} {ended}".strip(), [struck], None
    for then in numbers:
        begun = _corrected_before(tokens, then, locale)
        counted = begun is not None and any(_counts_noun(tokens, each, begun, locale) for each in numbers)
        if begun is not None and counted and not _is_only_talk(tokens[begun:then], locale):
            return _unclear(text, tokens, begun, "")
    return text, [], None


def _unclear(text: str, tokens: Sequence[Token], begun: int, number: str) -> Corrected:
    """``4 mugs, 2 plates. Actually 6.``, ``8 mugs, rather 2 packs``: what is corrected is not known."""
    return text[: tokens[begun].start].rstrip(" ,-–—"), [text[tokens[begun].start :].strip(" ,.;")], number


def _counts_noun(tokens: Sequence[Token], at: int, before: int, locale: Locale) -> bool:
    sized = vocabulary(language_of(locale)).dimensions.at(tokens, at + 1) is not None  # ``24 inch``
    return at + 1 < before and tokens[at + 1].raw[0].isalpha() and not sized


def _corrected_before(tokens: Sequence[Token], at: int, locale: Locale) -> int | None:
    """Where the words begin that correct what was said, and end at this number; behind a sign that sets them apart."""
    vocab = vocabulary(language_of(locale))
    tables = (vocab.words["corrected"], vocab.words["but_this"], vocab.courtesies)
    for begun in range(max(0, at - MAX_BETWEEN), at):
        if not begun or not (
            tokens[begun - 1].raw[-1] in ",.;!?-–—…" or tokens[begun].raw in {"-", "–", "—"}
        ):
            continue
        index, corrects = begun, False
        while index < at:
            found = [each for table in tables if (each := table.at(tokens, index)) is not None]
            corrects = corrects or any(each[0] == "corrected" for each in found)
            if not found and tokens[index].raw not in {",", "-", "–", "—", "..."}:
                break
            index = max((each[1] for each in found), default=index + 1)
        if index == at and corrects:
            return begun
    return None


def _is_only_talk(tokens: Sequence[Token], locale: Locale) -> bool:
    vocab = vocabulary(language_of(locale))
    index = 0
    while index < len(tokens) and tokens[index].raw not in {",", "."}:
        found = vocab.courtesies.at(tokens, index) or vocab.words["of_them"].at(tokens, index)
        if found is None:
            return False
        index = found[1]
    return True


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
            and words["prepositions"].at(tokens, start + 2) is None  # ``so six pairs in all``
        ):
            return sentence[tokens[start].start :], sentence[: tokens[start].start].strip(" ,")
    return sentence, ""


def _is_counted_before(tokens: Sequence[Token], at: int, locale: Locale) -> bool:
    """Without a comma something must have been counted: ``4 bays so 4 mirrors``."""
    return any(_is_number(tokens, each, locale) for each in range(at))
