"""One item in several sizes: ``Polo shirts: 3 x S, 5 x M``, ``iş ayakkabısı: 42 numara 3 çift, 43 numara 5 çift``.

One rule: where every part behind the item is a count with a size, each is a line of that item; a part that is
anything else leaves the sentence as it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from babel.core import Locale

from api.language.amounts import TIMES_SIGNS, quantity_at, unit_at
from api.language.request_cursor import after_wish, joined
from api.language.request_items import MEASURES
from api.language.request_recipients import place_at
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import language_of, vocabulary

SIZE_BEFORE = frozenset({"tr"})
"""``42 numara 3 çift``: the number before the word is the size."""
MIN_SIZES = 2
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
        head = list(tokens[:start])
        while head and head[-1].raw in {":", ",", "-", "–", "—"}:
            head.pop()
        if not head or any(char.isdigit() for token in head for char in token.raw):
            return [sentence]
        return _written(head, sizes, tokens[sizes[-1].after :], locale)
    return [sentence]


def _may_begin(tokens: Sequence[Token], at: int) -> bool:
    return (
        any(char.isdigit() for char in tokens[at].raw)
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
        else:
            break
    return [] if _may_be_measures(tokens[start:at], found) else found


def _may_be_measures(tokens: Sequence[Token], sized: Sequence[_Sized]) -> bool:
    """``10 L, 20 L``, ``5 S, 6 S``: letters behind numbers that may be litres, metres or models as well."""
    letters = all(each.size.upper() in {"L", "M", "S", "T"} for each in sized)
    counted = any(token.raw[0].casefold() in TIMES_SIGNS or token.raw[-1] in ":=" for token in tokens)
    return letters and not counted


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


def _size_at(tokens: Sequence[Token], at: int, locale: Locale) -> tuple[str, int] | None:
    """A size as it is written, without an "in" before it, and where it ends."""
    words = vocabulary(language_of(locale)).words
    having = words["having"].at(tokens, at)
    at = having[1] if having is not None else at
    if at >= len(tokens):
        return None
    named = words["size"].at(tokens, at)
    value = named[1] if named is not None else at
    if value >= len(tokens):
        return None
    raw = tokens[value].raw.strip(".,:;")
    if named is not None and (
        _NUMBER.fullmatch(raw) or _SIZE.fullmatch(raw) or (raw.isupper() and len(raw) < MIN_SIZES)
    ):
        return joined(tokens[at : value + 1]).rstrip(".,:;"), value + 1
    behind = words["size"].at(tokens, at + 1)
    if behind is not None and _NUMBER.fullmatch(tokens[at].raw):
        return joined(tokens[at : behind[1]]).rstrip(".,:;"), behind[1]
    sized = _SIZE.fullmatch(raw) is not None and raw.isupper() and unit_at(tokens, at, locale) is None
    return (raw, at + 1) if sized else None
