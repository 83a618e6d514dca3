"""Numbers that people write in words: ``twenty-five``, ``two hundred``, ``zweieinhalb``, ``полторы``, ``a dozen``.

One rule: they become digits before anything else is read, so that every reader knows them; a word of ``counts``
that stands alone stays, for it may be an article: ``one``, ``eine``.

    a smaller number behind a larger one adds      ``двадцать пять``, ``treinta y cinco``, ``خمسة وعشرون``
    a scale multiplies what stands before it       ``two hundred``, ``пять тысяч``, ``dreihundert``
    a half is added, also behind the unit          ``two and a half kg``, ``deux tonnes et demie``
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from babel.core import Locale

from api.language.numbers import plain
from api.language.tokenizer import Token, fold, tokenize
from api.language.vocabulary import Vocabulary, language_of, vocabulary

HALF = Decimal("0.5")
ARABIC_AND = "و"
HALVED = ("kg", "g", "t", "l", "m", "m2", "m3", "pallet")
"""A half of these is wanted as such; half of anything else is a word of the item: ``half masks``."""
FRACTIONS = {"1/2": "0.5", "½": "0.5", "1/4": "0.25", "¼": "0.25", "3/4": "0.75", "¾": "0.75"}
MIN_UNIT = 3
"""A shorter unit behind a "half" may be the rest of another word."""
MIN_SCALE = 1000
_SCALED = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?", re.ASCII)
"""What a scale multiplies: ``3 thousand``, ``1,5 тыс.``"""
_GROUP = re.compile(r"[1-9]\d{2}", re.ASCII)
MIN_SCALE_WORD = 3
MAX_ABBREVIATION = 5
"""Signs of a scale that is shortened: ``tys.``, ``Tsd.``"""
MAX_GLUED = 40
"""Letters of the longest number that anybody writes as one word."""
MIN_JOINED = 20
"""Smaller numbers add nothing behind them: ``ten five``."""
TEN = 10
"""Turkish joins ones to it as to the other tens: ``on iki``."""
HUNDRED = 100
DOZEN = 12
_GLUED_AND = "und"
_Found = tuple[Decimal, int]


def with_digits(text: str, locale: Locale) -> str:
    """The text with its numbers in digits; everything else stays as it was written."""
    tokens = tokenize(text)
    written: list[str] = []
    end = 0
    for begun, after, digits in _changes(tokens, locale):
        written += (text[end : tokens[begun].start], digits)
        end = tokens[after - 1].end
    return "".join((*written, text[end:])) if written else text


def _ending(tokens: Sequence[Token], last: int, vocab: Vocabulary) -> str:
    """What ends the last word of a number: a comma, a point; not that of a shortened scale, ``тыс. руб.``"""
    raw = tokens[last].raw
    return "" if _is_shortened(tokens, last, vocab) else raw[len(raw.rstrip(".:!?")) :]


def _is_shortened(tokens: Sequence[Token], at: int, vocab: Vocabulary) -> bool:
    """``тыс.``, ``tys.``: the point of a scale that is followed by a currency or goes on ends no sentence."""
    raw = tokens[at].raw
    if not raw.endswith(".") or len(raw) > MAX_ABBREVIATION or vocab.scales.at(tokens, at) is None:
        return False
    following = tokens[at + 1].raw if at + 1 < len(tokens) else ""
    return (
        following[:1].islower() or following[:1].isdigit() or vocab.currencies.at(tokens, at + 1) is not None
    )


def _in_digits(value: Decimal, locale: Locale) -> str:
    return plain(value).replace(".", str(locale.number_symbols["latn"]["decimal"]))


def _changes(tokens: Sequence[Token], locale: Locale) -> Iterator[tuple[int, int, str]]:
    """What is written in the place of which words; what a count alone says stays as it is."""
    vocab = vocabulary(language_of(locale))
    index = 0
    while index < len(tokens):
        part = FRACTIONS.get(tokens[index].raw)
        if part and _is_halved(tokens, index + 1, vocab) and _begins_count(tokens, index, vocab):
            yield index, index + 1, _in_digits(Decimal(part), locale)
            index += 1
            continue
        found = _number_at(tokens, index, vocab, locale)
        if found is None:
            tens = _arabic_and(tokens, index, vocab) if locale.language == "ar" else None
            if tens is not None:
                yield index, index + 1, f"{ARABIC_AND} {_in_digits(tens, locale)}"
            half = _half_of(tokens[index], locale, vocab)
            if half:
                yield index, index + 1, half
            index += 1
            continue
        value, after = found
        unit = vocab.units.at(tokens, after)
        half_more = vocab.words["half_more"].at(tokens, unit[1]) if unit is not None else None
        alone = vocab.counts.at(tokens, index)
        if unit is not None and unit[0] in HALVED and half_more is not None:
            yield index, after, _in_digits(value + HALF, locale)
            yield unit[1], half_more[1], ""
            after = half_more[1]
        elif (alone is None or alone[1] < after) and not (
            after == index + 1 and tokens[index].raw[0].isdigit()
        ):
            yield index, after, _in_digits(value, locale) + _ending(tokens, after - 1, vocab)
        index = after


def _begins_count(tokens: Sequence[Token], index: int, vocab: Vocabulary) -> bool:
    """``need 1/2 pallet``, but not ``12 bottles of 1/2 l``: a fraction with which a part begins."""
    if (
        index == 0
        or tokens[index - 1].raw in {",", "+", "&", "-", "–"}
        or tokens[index - 1].raw.endswith(":")
    ):
        return True
    tables = (vocab.openings, vocab.courtesies, vocab.words["needs"], vocab.words["sep"])
    return any(
        (found := table.at(tokens, at)) is not None and found[1] == index
        for table in tables
        for at in range(max(0, index - table.longest), index)
    )


def _half_of(token: Token, locale: Locale, vocab: Vocabulary) -> str:
    """``полтонны``: a half, written as one word with its unit."""
    for half in vocab.words["half_before"].phrases:
        unit = token.word.removeprefix(half)
        found = vocab.units.at([Token(unit, unit)], 0) if unit and unit != token.word else None
        if found is not None and found[0] in HALVED and len(unit) >= MIN_UNIT:
            return f"{_in_digits(HALF, locale)} {unit}{_ending([token], 0, vocab)}"
    return ""


def _number_at(tokens: Sequence[Token], index: int, vocab: Vocabulary, locale: Locale) -> _Found | None:
    """A number below a hundred or a round one, its scales, and the smaller number behind it."""
    found = (
        _part_at(tokens, index, vocab, locale)
        or _digits_before_scale(tokens, index, vocab)
        or _scale_alone(tokens, index, vocab, locale)
    )
    if found is None or (found[0] == HALF and not _is_halved(tokens, found[1], vocab)):
        return None
    value, after = _with_ones(tokens, found, vocab, locale)
    value, after = _times_scales(tokens, value, after, vocab)
    less = _smaller_at(tokens, after, value, vocab, locale)
    if less is not None:
        value, after = value + less[0], less[1]
    half = vocab.words["half_more"].at(tokens, after)
    if half is not None and value == value.to_integral_value():
        scale = vocab.scales.at(tokens, half[1])
        whole = scale is None or int(scale[0]) < MIN_SCALE  # ``dos y media docenas`` are asked
        return (value + HALF, half[1]) if whole else _times_scales(tokens, value + HALF, half[1], vocab)
    return value, after


def _times_scales(tokens: Sequence[Token], value: Decimal, after: int, vocab: Vocabulary) -> _Found:
    """``two hundred``, ``zwei Millionen``, ``две с половиной тысячи``: each larger scale multiplies."""
    while _goes_on(tokens, after) and (scale := vocab.scales.at(tokens, after)) is not None:
        if value >= int(scale[0]):
            break
        value, after = value * int(scale[0]), scale[1]
    return value, after


def _scale_alone(tokens: Sequence[Token], index: int, vocab: Vocabulary, locale: Locale) -> _Found | None:
    """``тысяча двести``, ``mil euros``, ``yüz elli``: one of them, before a smaller number or a currency."""
    scale = vocab.scales.at(tokens, index)
    if (
        scale is None
        or int(scale[0]) < HUNDRED
        or tokens[index].raw.endswith(".")
        or not _goes_on(tokens, scale[1])
    ):
        return None
    value = Decimal(scale[0])
    priced = vocab.currencies.at(tokens, scale[1]) is not None
    whole = len(tokens[index].word) >= MIN_SCALE_WORD
    added = whole and _smaller_at(tokens, scale[1], value, vocab, locale) is not None
    return (value, scale[1]) if added or (priced and whole) else None


def _goes_on(tokens: Sequence[Token], index: int) -> bool:
    """Whether the word before this one ends neither a sentence nor a list."""
    return 0 < index < len(tokens) and tokens[index - 1].raw[-1] not in ".:!?"


def _digits_before_scale(tokens: Sequence[Token], index: int, vocab: Vocabulary) -> _Found | None:
    """``3 thousand``, ``1 Dutzend Gläser``: a hundred may be a cent in other languages."""
    raw = tokens[index].raw
    scale = vocab.scales.at(tokens, index + 1)
    if scale is None or _SCALED.fullmatch(raw) is None:
        return None
    counted = tokens[scale[1] : scale[1] + 1]
    dozens = int(scale[0]) == DOZEN and raw.isdigit() and bool(counted) and counted[0].raw[0].isalnum()
    if int(scale[0]) < MIN_SCALE and not dozens:
        return None
    return Decimal(raw.replace(",", ".")) * int(scale[0]), scale[1]


def _is_halved(tokens: Sequence[Token], index: int, vocab: Vocabulary) -> bool:
    unit = vocab.units.at(tokens, index)
    return unit is not None and unit[0] in HALVED


def _with_ones(tokens: Sequence[Token], found: _Found, vocab: Vocabulary, locale: Locale) -> _Found:
    """``twenty five``, ``vinte e cinco``, ``خمسة وعشرون``."""
    value, after = found
    if not _goes_on(tokens, after):
        return found
    if locale.language == "ar" and value < MIN_JOINED:
        tens = _arabic_and(tokens, after, vocab)
        return (value + tens, after + 1) if tens is not None and MIN_JOINED <= tens < HUNDRED else found
    if (MIN_JOINED <= value < HUNDRED) or (value == TEN and locale.language == "tr"):
        return _added(tokens, found, vocab, locale)
    return found


def _added(tokens: Sequence[Token], found: _Found, vocab: Vocabulary, locale: Locale) -> _Found:
    value, after = found
    joined = vocab.words["within_number"].at(tokens, after)
    part = _part_at(tokens, joined[1] if joined is not None else after, vocab, locale)
    added = part is not None and 0 < part[0] < _lowest(value)
    return (value + part[0], part[1]) if part is not None and added else found


def _smaller_at(
    tokens: Sequence[Token], index: int, value: Decimal, vocab: Vocabulary, locale: Locale
) -> _Found | None:
    """Behind hundreds and thousands a smaller number: ``two hundred and fifty``, ``مئتين وخمسين``."""
    if value < HUNDRED or not (_goes_on(tokens, index) or _is_shortened(tokens, index - 1, vocab)):
        return None
    tens = _arabic_and(tokens, index, vocab) if locale.language == "ar" else None
    if tens is not None:
        return (tens, index + 1) if tens < _lowest(value) else None
    joined = vocab.words["within_number"].at(tokens, index)
    start = joined[1] if joined is not None else index
    if start >= len(tokens) or tokens[start].raw[0].isdigit():
        return _digits_behind_scale(tokens, index, value, vocab)
    less = _number_at(tokens, start, vocab, locale)
    return less if less is not None and 0 < less[0] < _lowest(value) else None


def _digits_behind_scale(
    tokens: Sequence[Token], index: int, value: Decimal, vocab: Vocabulary
) -> _Found | None:
    """``3 bin 500 TL``, ``2 тыс. 500 руб``: three digits behind thousands, before a currency."""
    priced = vocab.currencies.at(tokens, index + 1) is not None
    grouped = index < len(tokens) and _GROUP.fullmatch(tokens[index].raw) is not None
    return (Decimal(tokens[index].raw), index + 1) if priced and grouped and value % MIN_SCALE == 0 else None


def _arabic_and(tokens: Sequence[Token], index: int, vocab: Vocabulary) -> Decimal | None:
    """``وعشرون``: the number behind an "and" that is written as one word with it."""
    raw = tokens[index].word if index < len(tokens) else ""
    found = vocab.numbers.at([Token(raw[1:], raw[1:])], 0) if raw.startswith(ARABIC_AND) else None
    return Decimal(found[0]) if found is not None else None


def _lowest(value: Decimal) -> int:
    """The value of its last digit that is no zero: only less than that can be added."""
    return next((power for power in (1000, 100, 10) if value % power == 0), 1)


def _part_at(tokens: Sequence[Token], index: int, vocab: Vocabulary, locale: Locale) -> _Found | None:
    """One word, or one phrase, that is a number."""
    if index >= len(tokens):
        return None
    found = [each for table in (vocab.numbers, vocab.counts) if (each := table.at(tokens, index)) is not None]
    if found:
        value, after = max(found, key=lambda each: each[1])
        return Decimal(value), after
    glued = _glued(tokens[index].word, language_of(locale))
    return (glued, index + 1) if glued is not None else None


@lru_cache(maxsize=4096)
def _glued(word: str, language: str) -> Decimal | None:
    """``twenty-five``, ``fünfundzwanzig``, ``zweihundert``, ``venticinque``."""
    if len(word) > MAX_GLUED:
        return None
    if "-" in word[1:]:
        return _sum_of(word.split("-"), language)
    if language == "de":
        ones, joined, tens = word.partition(_GLUED_AND)
        if joined and (found := _sum_of([tens, ones], language)) is not None:
            return found
    if language in ("de", "it"):
        return _scaled(word, language) or (_sum_of_two(word, language) if language == "it" else None)
    return None


def _value_of(word: str, language: str) -> Decimal | None:
    vocab = vocabulary(language)
    found = vocab.numbers.at([Token(word, fold(word))], 0) or vocab.counts.at([Token(word, fold(word))], 0)
    return Decimal(found[0]) if found is not None else None


def _sum_of(parts: Sequence[str], language: str) -> Decimal | None:
    """Tens and ones; nothing else is written as one word or with a hyphen."""
    joining = vocabulary(language).words["within_number"]
    words = [each for each in parts if joining.at([Token(each, each)], 0) is None]
    values = [value for each in words if (value := _value_of(each, language)) is not None]
    if len(words) != 2 or len(values) != 2:
        return None
    tens, ones = values
    return tens + ones if tens >= 20 and tens % 10 == 0 and 0 < ones < 10 else None


def _scaled(word: str, language: str) -> Decimal | None:
    """``dreihundert``, ``duecento``: how many of them, and what is left."""
    for scale, value in vocabulary(language).scale_words:
        before, found, rest = word.partition(scale)
        if not found or not (before or rest):
            continue
        many = _value_of(before, language) if before else Decimal(1)
        less = (_value_of(rest, language) or _glued(rest, language)) if rest else Decimal(0)
        if many is not None and less is not None and many < value and less < value:
            return many * value + less
    return None


def _sum_of_two(word: str, language: str) -> Decimal | None:
    """``venticinque``, ``trentotto``: the tens may lose their last letter."""
    for cut in range(4, len(word) - 1):
        ones = _value_of(word[cut:], language)
        tens = next((each for end in ("", "i", "a") if (each := _value_of(word[:cut] + end, language))), None)
        if tens is not None and ones is not None and tens % 10 == 0 and tens >= 20 and ones < 10:
            return tens + ones
    return None
