"""One item in several sizes: ``Polo shirts: 3 x S, 5 x M``, ``iş ayakkabısı: 42 numara 3 çift, 43 numara 5 çift``.

One rule: where every part behind the item is a count with a size, each is a line of that item; a part that is
anything else leaves the sentence as it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from babel.core import Locale

from api.language.amounts import TIMES_SIGNS, quantity_at, unit_at
from api.language.inflections import is_form_of
from api.language.place_phrases import place_at
from api.language.request_cursor import APART, after_wish, joined
from api.language.request_doubts import has_count
from api.language.request_items import MEASURES
from api.language.request_kinds import is_attribute
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import language_of, vocabulary

SIZE_BEFORE = frozenset({"tr"})
"""``42 numara 3 çift``: the number before the word is the size."""
LETTERS = {"pt": ("PP", "P", "G", "GG", "XG"), "es": ("CH", "G")}
"""Letters of sizes that one language has: *pequeno*, *grande*."""
MIN_SIZES = 2
ARABIC_AND = "و"
_SIZE = re.compile(r"(?:\d?x{0,4}[sml]|\d{1,2}xl|xxl|xs|xl)", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,3}(?:[.,/]\d{1,2})?")


@dataclass(frozen=True)
class _Sized:
    count: str
    size: str
    after: int


def with_sizes_apart(sentence: str, locale: Locale) -> list[str]:
    """A sentence for each size; the sentence alone where it does not list sizes."""
    tokens = tokenize(sentence)
    for start in range(1, len(tokens)):
        if not _may_begin(tokens, start):
            continue
        sizes = _sizes_at(tokens, start, locale)
        if len(sizes) < MIN_SIZES:
            continue
        head = _head_of(tokens[:start], sizes, locale)
        if not _ends(tokens, sizes[-1].after, locale):
            return [sentence]
        rest = tokens[sizes[-1].after :]
        while rest and rest[0].raw == ",":
            rest = rest[1:]
        ended = tokens[sizes[-1].after - 1].raw[-1] in ".!"
        if not head or (rest and not ended and _goes_on(rest, locale)):
            return [sentence]
        described = _described(rest, locale)
        kind = f", {joined(rest[:described])}" if described else ""
        same = [replace(each, size=f"{each.size}{kind}") for each in sizes]
        return _written(head, same, rest[described:], locale)
    return [sentence]


def _ends(tokens: Sequence[Token], at: int, locale: Locale) -> bool:
    """Whether no noun follows, which the sizes would be of: ``2 white and 2 black chairs``."""
    if at >= len(tokens) or tokens[at].raw in APART or tokens[at - 1].raw[-1] in ".,!;":
        return True
    vocab = vocabulary(language_of(locale))
    tables = (vocab.clauses, vocab.courtesies, vocab.days, vocab.urgencies, vocab.price_at)
    words = ("to_place", "prepositions", "charged_to", "budget", "sign_off")
    return any(each.at(tokens, at) is not None for each in (*tables, *(vocab.words[each] for each in words)))


def _goes_on(rest: Sequence[Token], locale: Locale) -> bool:
    """Whether another count follows, whose size nobody knows."""
    joined_on = vocabulary(language_of(locale)).words["sep"].at(rest, 0)
    return quantity_at(rest, joined_on[1] if joined_on is not None else 0, locale) is not None


def _described(rest: Sequence[Token], locale: Locale) -> int:
    """``5 M and 2 L, navy blue``: where the words end that say of which kind all of them are."""
    end = next((at for at, token in enumerate(rest) if token.raw in APART), len(rest))
    return end if rest and is_attribute(rest[:end], locale) else 0


def _head_of(tokens: Sequence[Token], sizes: Sequence[_Sized], locale: Locale) -> list[Token]:
    """What comes in these sizes; its own count stands before it only where the others add up to it: ``7 boots: 2x 42,
    5x 43``. Empty where another number may count something."""
    head = list(tokens)
    while head and head[-1].raw in {":", ",", "-", "–", "—"}:
        head.pop()
    begun = after_wish(head, 0, locale, signs=",")
    counted = quantity_at(head, begun, locale)
    if counted is not None and counted.unit not in MEASURES and counted.after < len(head):
        if counted.value != sum(int(each.count) for each in sizes):
            return []
        head = [*head[:begun], *head[counted.after :]]
    return [] if has_count(head, locale) else head


def _may_begin(tokens: Sequence[Token], at: int) -> bool:
    return (
        any(char.isdigit() for char in tokens[at].raw)
        or tokens[at - 1].raw[-1] in ":,"
        or _SIZE.fullmatch(tokens[at].word) is not None
        or (at + 1 < len(tokens) and _NUMBER.fullmatch(tokens[at + 1].word) is not None)
        or (at + 1 < len(tokens) and _SIZE.fullmatch(tokens[at + 1].raw.strip(".:,")) is not None)
    )


def _written(
    head: Sequence[Token], sizes: Sequence[_Sized], rest: Sequence[Token], locale: Locale
) -> list[str]:
    """``Polo shirts for reception: 3 x S`` is ``3 x Polo shirts S``, and where they go behind the last."""
    noun, place = list(head), ""
    for at in range(1, len(head)):
        if place_at(head, at, locale, leading=False) is not None:
            noun, place = list(head[:at]), joined(head[at:]).rstrip(":")
            break
    begun = after_wish(noun, 0, locale, signs=",")
    begun = begun if begun < len(noun) else 0
    lead, item = joined(noun[:begun]), joined(noun[begun:]).rstrip(":")
    lines = [f"{each.count} x {item} {each.size}" for each in sizes]
    lines[0] = f"{lead} {lines[0]}".strip()
    lines[-1] = " ".join(part for part in (lines[-1], place, joined(rest)) if part)
    return lines


def _sizes_at(tokens: Sequence[Token], start: int, locale: Locale) -> list[_Sized]:
    """The counts and sizes from here on, as far as they go."""
    found: list[_Sized] = []
    at = start
    sep = vocabulary(language_of(locale)).words["sep"]
    while at < len(tokens):
        readers = (_count_size, _size_count)
        ordered = reversed(readers) if locale.language in SIZE_BEFORE else readers
        sized = next((each for read in ordered if (each := read(tokens, at, locale)) is not None), None)
        if sized is None:
            break
        found.append(sized)
        at = sized.after
        separator = sep.at(tokens, at)
        if separator is not None:
            at = separator[1]
        elif at < len(tokens) and tokens[at].raw in {",", "+", "/", "&"}:
            at += 1
            separator = sep.at(tokens, at)
            at = separator[1] if separator is not None else at
        elif at >= len(tokens) or _without_and(tokens, at, locale) is tokens:
            break
    return [] if _may_be_measures(tokens[start:at], found) else found


def _may_be_measures(tokens: Sequence[Token], sized: Sequence[_Sized]) -> bool:
    """``10 L, 20 L``: one letter behind the numbers may be litres, metres or a model; ``5 M, 7 L`` are sizes."""
    kinds = {each.size.upper() for each in sized}
    counted = any(token.raw[0].casefold() in TIMES_SIGNS or token.raw[-1] in ":=" for token in tokens)
    return len(kinds) == 1 and kinds <= {"L", "M", "S", "T"} and not counted


def _count_size(tokens: Sequence[Token], at: int, locale: Locale) -> _Sized | None:
    """``3 x S``, ``4 en S``, ``10 talla M``, ``2x Gr. 48``, ``4 adet M``."""
    raw = tokens[at].raw
    bare = _size_at(tokens, at + 1, locale) if raw.isdigit() else None
    if bare is not None:
        return _Sized(raw, *bare)
    found = quantity_at(tokens, at, locale)
    if found is None or not raw[0].isdigit() or found.unit in MEASURES:
        return None
    digits = re.match(r"\d+", raw)
    size = _size_at(tokens, found.after, locale)
    return _Sized(digits[0], *size) if digits is not None and size is not None else None


def _size_count(tokens: Sequence[Token], at: int, locale: Locale) -> _Sized | None:
    """``tg. S 6 scatole``, ``42 numara 3 çift``, ``M: 4``, ``size 9 x 3``."""
    size = _size_at(tokens, at, locale)
    if size is None:
        return None
    index = size[1]
    while index < len(tokens) and tokens[index].raw in {":", "-", "–", "—", "="}:
        index += 1
    if index < len(tokens) and tokens[index].raw[0].casefold() in TIMES_SIGNS:
        digits = tokens[index].raw[1:] or (tokens[index + 1].raw if index + 1 < len(tokens) else "")
        after = index + (1 if tokens[index].raw[1:] else 2)
        return _Sized(digits, size[0], after) if digits.isdigit() else None
    found = quantity_at(tokens, index, locale) if index < len(tokens) else None
    bare = index < len(tokens) and tokens[index].raw[0].isdigit()
    if found is None or not bare or found.unit in MEASURES:
        return None
    count = re.match(r"\d+", tokens[index].raw)
    return _Sized(count[0], size[0], found.after) if count is not None else None


def _without_and(tokens: Sequence[Token], at: int, locale: Locale) -> Sequence[Token]:
    """``ومقاس XL``: the Arabic "and" is written as one word with the size."""
    word = tokens[at].word
    if locale.language != "ar" or not word.startswith(ARABIC_AND) or len(word) < MIN_SIZES:
        return tokens
    bare = Token(tokens[at].raw[1:], word[1:])
    return [*tokens[:at], bare, *tokens[at + 1 :]] if _is_size_word(bare, locale) else tokens


def _is_size_word(token: Token, locale: Locale) -> bool:
    return vocabulary(language_of(locale)).words["size"].at([token], 0) is not None


def _size_at(tokens: Sequence[Token], at: int, locale: Locale) -> tuple[str, int] | None:
    """A size as it is written, without an "in" before it, and where it ends."""
    words = vocabulary(language_of(locale)).words
    having = words["having"].at(tokens, at)
    at = having[1] if having is not None else at
    if at >= len(tokens):
        return None
    tokens = _without_and(tokens, at, locale)
    named = words["size"].at(tokens, at)
    value = named[1] if named is not None else at
    if value >= len(tokens):
        return None
    raw = tokens[value].raw.strip(".,:;")
    if named is not None and (
        _NUMBER.fullmatch(raw) or _SIZE.fullmatch(raw) or (raw.isupper() and len(raw) < MIN_SIZES)
    ):
        return joined(tokens[at : value + 1]).rstrip(".,:;"), value + 1
    kind = words["named_sizes"].at(tokens, at)
    if kind is not None:
        return joined(tokens[at : kind[1]]).rstrip(".,:;"), kind[1]
    if is_form_of(tokens[at].word, "colours", language_of(locale)):
        return raw, at + 1
    behind = words["size"].at(tokens, at + 1)
    if behind is not None and _NUMBER.fullmatch(tokens[at].raw):
        return joined(tokens[at : behind[1]]).rstrip(".,:;"), behind[1]
    letters = _SIZE.fullmatch(raw) is not None and (raw.isupper() or len(raw) > 1)
    letters = letters or raw in LETTERS.get(locale.language, ())
    sized = letters and unit_at(tokens, at, locale) is None
    return (raw, at + 1) if sized else None
