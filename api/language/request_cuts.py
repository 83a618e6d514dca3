"""Whether a request is certainly cut into its items, and how else it may be cut.

One rule: a cutting is offered only when each item has one count and its words, and nothing that may be another item
stands among them or was left over; otherwise all of it is one question, whose readings are lists of items.

    3 hole punches and sellotape     "and" before words without a count
    desk lamp 2, chair 1             counts that no item has
    10 mice 10 keyboards             a second count among the words of an item
    3 brooms / dustpan / 2 mops      lines of which only some have a count
    8 people, 8 helmets              a count of what nobody buys

A reading is written as ``3 × hole punches; sellotape``, and ``lines_of_cut`` reads it back.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from babel.core import Locale

from api.language.amounts import FoundQuantity, currency_named, quantity_at, unit_at
from api.language.date_vocabulary import names
from api.language.farewells import takes_leave
from api.language.numbers import plain
from api.language.readings import LineReading
from api.language.request_cursor import APART, Segment, joined
from api.language.request_items import MEASURES, TIMES_OF_DAY, bracketed, ends_with_weight, is_aside
from api.language.request_kinds import (
    CAPITAL_UNITS,
    COUNT,
    MIN_MODEL_DIGITS,
    is_attribute,
    is_kind,
    is_size,
    is_times,
)
from api.language.request_wholes import adds_up, says_again
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import language_of, vocabulary

CUT = "lines"
"""The field of the question into which items a request is cut."""
NEXT_ITEM = "; "
ARABIC_AND = "و"
"""Written as one word with what follows it."""
MIN_ARABIC_JOINED = 4
MIN_COUNT_WORD = 3
"""A shorter one may be an article: ``sac à un compartiment``."""
_TIMES = " × "
_PRICED = " @ "
_JOINED_BY_SLASH = re.compile(r"(?<=[^\W\d_]{3})/(?=\w)")
_SHOWN_COUNT = re.compile(r"\(?\d+\)[.:;!?]?|[x×х*]\d+[.:;!?]?", re.IGNORECASE)
"""``(2)`` and ``x5`` count whatever stands beside them."""
_SENTENCE_END = re.compile(r"(?:[^\W\d_]{4,}|\S*[\d)]|[^\W\d_]|[A-Z]{2,})[.!?]")
"""A shorter word with a point may be an abbreviation: ``Gr. 43``."""
MAX_SHORT = 3
_GLUED_WEIGHT = re.compile(r"(?<=\d)(?=(?:kg|g|l|кг|г|л)$)", re.IGNORECASE)
_WRITTEN = re.compile(
    r"(?:(?P<quantity>\d+(?:\.\d+)?)(?: (?P<unit>\S+))? × )?(?P<item>.+?)(?: @ (?P<price>\d+(?:\.\d+)?))?"
)


def cut_readings(
    read: Sequence[Segment], said: Sequence[Segment], unread: Sequence[str], locale: Locale
) -> tuple[str, ...]:
    """The lists of items that a request may be; empty when it is certainly cut as it was read.

    ``said`` are sentences without a count, ``unread`` what was left over.
    """
    left_over = [words for each in unread if not _is_urgency(words := tokenize(each), locale)]
    lost = [each for each in left_over if _may_be_item(each, locale)]
    lost += [tokenize(each.item) for each in said if _is_short(each)]
    counted = [segment.has_quantity for segment in read]
    if not all(counted):
        lost += [each for each in left_over if _has_pieces(each, locale)]
    parts = {segment.part for segment in read}
    mixed = len(parts) > 1 and any(counted) and not all(counted)
    joined_up = any(_joins_items(segment, locale) for segment in read)
    uncertain = len(read) > 1 and any(not segment.description for segment in read[1:])
    if not (mixed or joined_up or lost or uncertain or adds_up(read) or says_again(read)):
        return ()
    apart = [line for segment in read for line in _lines_of_segment(segment, locale)]
    apart += [line for words in lost for line in _lines_of_words(words, locale)]
    as_read = [_line(segment) for segment in read]
    return tuple(dict.fromkeys(_written(lines) for lines in (apart, as_read) if lines))


def lines_of_cut(reading: str) -> tuple[LineReading, ...]:
    """The lines that a reading of ``cut_readings`` names."""
    found = [_WRITTEN.fullmatch(each) for each in reading.split(NEXT_ITEM)]
    return tuple(
        LineReading(
            description=each["item"],
            quantity=Decimal(each["quantity"]) if each["quantity"] else None,
            unit=each["unit"] or "pcs",
            unit_price=Decimal(each["price"]) if each["price"] else None,
        )
        for each in found
        if each is not None
    )


def _written(lines: Sequence[LineReading]) -> str:
    return NEXT_ITEM.join(map(_written_line, lines))


def _written_line(line: LineReading) -> str:
    many = "" if line.quantity is None else plain(line.quantity)
    if many and line.unit != "pcs":
        many += f" {line.unit}"
    priced = "" if line.unit_price is None else f"{_PRICED}{plain(line.unit_price)}"
    return f"{many}{_TIMES if many else ''}{line.description}{priced}"


def _joins_items(segment: Segment, locale: Locale) -> bool:
    """Whether the words of one item may be those of several, or of none."""
    item = segment.item
    words = tokenize(item)
    if not words:
        return False
    vocab = vocabulary(language_of(locale))
    nameless = is_size(words, locale) or vocab.words["no_goods"].at(words, 0) is not None
    nameless = nameless or vocab.words["broken_by"].at(words, 0) is not None
    nameless = nameless or _begins_as_clause(words, locale) or segment.unit in TIMES_OF_DAY
    wished = vocab.words["wished_last"].at(words, 0)
    nameless = nameless or (wished is not None and wished[1] == len(words))  # ``50 tane söyleyin``
    weighed = not segment.has_quantity and ends_with_weight(words, locale)
    if nameless or weighed or _JOINED_BY_SLASH.search(item) or is_times(words[-1]):
        return True
    described = _described_in_brackets(words)
    return any(
        _joins(words, at, locale)
        or _is_other_count(words, at, segment, locale)
        or vocab.words["also"].at(words, at) is not None
        or (at < len(words) - 1 and _SENTENCE_END.fullmatch(words[at].raw) is not None)
        for at in range(len(words))
        if at not in described
    )


def _described_in_brackets(words: Sequence[Token]) -> frozenset[int]:
    """``(Jabra Evolve2 40, USB-A)``: what is in brackets says what kind, unless a count begins there."""
    inside = bracketed(words)
    begun = [at for at in inside if words[at].raw.startswith("(") or words[at - 1].raw in APART]
    counted = any(words[at].raw.strip("()").isdigit() for at in begun)
    return frozenset() if counted else inside


def _is_short(said: Segment) -> bool:
    """``2 coffee machines. keyboards``: a few words that may be an item, and no name of who writes."""
    words = said.item.split()
    return not said.spoken and 0 < len(words) <= MAX_SHORT and not said.item[0].isupper()


def _begins_as_clause(words: Sequence[Token], locale: Locale) -> bool:
    """``uno por sala``, ``6 with arms``: no item begins with a preposition, but for ``zu je 12 Flaschen``."""
    vocab = vocabulary(language_of(locale))
    label = vocab.quote.at(words, 0)
    apiece = label is not None and "per" in label[0].split("/")
    content = any(token.raw.isdigit() for token in words)
    if content or not words[0].raw.islower():
        return False
    return apiece or vocab.words["prepositions"].at(words, 0) is not None


def _joins(words: Sequence[Token], at: int, locale: Locale) -> bool:
    """An "and" between two words, or a comma before what is no attribute."""
    if vocabulary(language_of(locale)).multipliers.at(words, at) is not None:
        return False  # ``two and a half``
    if not 0 < at < len(words) - 1:
        return _begins_with_and(words, at, locale)
    if words[at].raw in APART:
        end = next((each for each in range(at + 1, len(words)) if words[each].raw in APART), len(words))
        return not (is_attribute(words[at + 1 : end], locale) or is_kind(words, at + 1, end, locale))
    separates = vocabulary(language_of(locale)).words["sep"].at(words, at) is not None
    return separates or words[at].raw in {"+", "&", "/"} or _begins_with_and(words, at, locale)


def _begins_with_and(words: Sequence[Token], at: int, locale: Locale) -> bool:
    """``كراسي وطاولات``: the Arabic "and"."""
    raw = words[at].raw
    vocab = vocabulary(language_of(locale))
    known = vocab.counts.at(words, at) or vocab.words["preferred"].at(words, at)
    joined_to_word = known is None and raw.startswith(ARABIC_AND)
    joined_to_word = joined_to_word and (len(raw) >= MIN_ARABIC_JOINED or raw[1:].isdigit())
    return locale.language == "ar" and at > 0 and joined_to_word


def _is_other_count(words: Sequence[Token], at: int, segment: Segment, locale: Locale) -> bool:
    """A count among the words of an item that has one, or any where it has none."""
    vocab = vocabulary(language_of(locale))
    word = vocab.counts.at(words, at)
    counts_on = at > 0 and vocab.counts.at(words, at - 1) is not None  # ``خمسة عشر``
    if word is not None and at and len(words[at].word) >= MIN_COUNT_WORD and word[0] != "1":
        sized = vocab.words["size"].at(words, at - 1) is not None  # ``Größe zehn``
        unit = unit_at(words, word[1], locale)
        measured = vocab.dimensions.at(words, word[1]) is not None or (
            unit is not None and unit[0] in MEASURES
        )
        return not (counts_on or sized or measured)
    if at and _SHOWN_COUNT.fullmatch(words[at].raw) is not None:
        return True
    number = COUNT.fullmatch(words[at].raw)
    if number is None or vocab.dimensions.at(words, at + 1) is not None:
        return False
    if at and at + 1 < len(words) and words[at + 1].raw in CAPITAL_UNITS:
        return False  # ``Air compressor 50 L``
    unit = unit_at(words, at + 1, locale)
    if unit is not None:
        counting = unit[0] not in MEASURES | TIMES_OF_DAY and number[1] != f"{segment.quantity}"
        return counting and not _is_content(words, at, locale)
    if not segment.has_quantity:
        apart = at > 0 and not words[at - 1].raw[0].isdigit()  # ``3 500 laptops`` is one number
        return apart and vocab.multipliers.at(words, at + 1) is None
    sized = at > 0 and vocab.words["size"].at(words, at - 1) is not None
    if _is_set_apart(words, at) and not sized:
        return True
    following = words[at + 1 : at + 2]
    counts_noun = bool(following) and following[0].raw[0].isalpha() and not is_times(following[0])
    counts_parts = at > 0 and vocab.words["features"].at(words, at + 1) is not None
    held = at > 0 and vocab.of.at(words, at - 1) is not None  # ``cafetera de 12 tazas``
    if not counts_noun or counts_parts or held or _is_model(words, at, locale):
        return False
    return not any(token.raw.startswith("(") for token in words[: at + 1])


def _is_set_apart(words: Sequence[Token], at: int) -> bool:
    """``batteries AA - 24, AAA``: a number behind a dash, or before a comma."""
    before = words[at - 1].raw if at else ""
    return (
        before in {"-", "–", "—"}
        or before.endswith(":")
        or (at + 1 < len(words) and words[at + 1].raw == ",")
    )


def _is_content(words: Sequence[Token], at: int, locale: Locale) -> bool:
    """``(je 500 Blatt)``, ``of 12 bottles``: what one of them holds."""
    vocab = vocabulary(language_of(locale))
    bracket = any(token.raw.startswith("(") for token in words[: at + 1])
    led = at > 0 and (
        vocab.words["prepositions"].at(words, at - 1) is not None
        or vocab.of.at(words, at - 1) is not None
        or vocab.price_at.at(words, at - 1) is not None
        or vocab.each.at(words, at - 1) is not None
    )
    return bracket or led


def _is_model(words: Sequence[Token], at: int, locale: Locale) -> bool:
    """``HP 305 cartridges``, ``Dell 5440 laptops``, ``42 numara``: a number of a model or a size."""
    sizes = vocabulary(language_of(locale)).words["size"]
    sized = sizes.at(words, at + 1) or (at and sizes.at(words, at - 1))
    named = at > 0 and words[at - 1].raw.isupper() and len(words[at].raw) >= MIN_MODEL_DIGITS
    long = at > 0 and words[at - 1].raw[0].isupper() and len(words[at].raw) > MIN_MODEL_DIGITS
    return bool(sized) or named or long


def _may_be_item(words: Sequence[Token], locale: Locale) -> bool:
    """Whether what was left over may be an item: ``and 2 mugs``, ``also markers``."""
    vocab = vocabulary(language_of(locale))
    calendar = names(language_of(locale))
    if any(vocab.words["also"].at(words, at) is not None for at in range(len(words))):
        return True
    for at in range(len(words)):
        shown = words[at].raw.startswith("(") or _SHOWN_COUNT.fullmatch(words[at].raw) is not None
        listed = at > 0 and words[at - 1].raw.endswith(":") and at + 1 < len(words)
        if (shown or listed) and at and COUNT.fullmatch(words[at].raw) is not None:
            return True  # ``paper (10 reams)``
        found = quantity_at(words, at, locale)
        ended = at > 0 and _SENTENCE_END.fullmatch(words[at - 1].raw) is not None
        if found is None or found.after >= len(words) or (not ended and is_aside(words, at, locale)):
            continue
        noun = words[found.after]
        if not noun.raw[0].isalpha() or calendar.months.at(words, found.after) is not None:
            continue
        if currency_named(words, found.after, locale, None) is not None:
            continue
        others = (vocab.spans, vocab.words["prepositions"], vocab.words["fillers"])
        if any(each.at(words, found.after) is not None for each in others):
            continue
        if _is_led_item(words, at, locale) and vocab.words["no_goods"].at(words, found.after) is None:
            return True
    verb = words[0].raw.casefold() in {"è", "é"}  # without its accent it is an "and"
    return len(words) > 1 and not verb and vocab.words["sep"].at(words, 0) is not None


def _is_urgency(words: Sequence[Token], locale: Locale) -> bool:
    """``au plus vite``, ``un saludo, Marta``: no item, whatever its words mean alone."""
    vocab = vocabulary(language_of(locale))
    found = vocab.urgencies.at(words, 0) or vocab.courtesies.at(words, 0)
    return takes_leave(words, locale) or (found is not None and found[1] == len(words))


def _has_pieces(words: Sequence[Token], locale: Locale) -> bool:
    """``30 boxes?``: how many of what nothing else says how many."""
    found = (quantity_at(words, at, locale) for at, token in enumerate(words) if token.raw[0].isdigit())
    return any(each is not None and each.unit not in MEASURES | TIMES_OF_DAY | {None} for each in found)


def _is_led_item(words: Sequence[Token], at: int, locale: Locale) -> bool:
    """At the beginning, or behind a comma, an "and", a courtesy or a wish."""
    vocab = vocabulary(language_of(locale))
    tables = (vocab.words["sep"], vocab.courtesies, vocab.openings, vocab.words["needs"])
    before = words[at - 1].raw if at else ""
    ended = before in {",", "/"} or before.endswith(":") or _SENTENCE_END.fullmatch(before) is not None
    return at == 0 or ended or any(each.at(words, at - 1) for each in tables)


def _line(segment: Segment) -> LineReading:
    return LineReading(
        description=segment.item,
        quantity=segment.quantity,
        unit=segment.unit or "pcs",
        unit_price=segment.unit_price,
    )


def _lines_of_segment(segment: Segment, locale: Locale) -> list[LineReading]:
    """The item cut wherever it may be; its quantity stays where it was read, its price with the first."""
    counted_first = segment.has_quantity and not segment.counted_last
    lines = _lines_of_words(tokenize(segment.item), locale, counted=counted_first)
    if not lines:
        return []
    before = _lines_of_words(segment.words[: segment.words_before], locale) if segment.counted_last else []
    at = min(len(before), len(lines)) - 1 if before else 0
    counted = {"quantity": segment.quantity, "unit": segment.unit or "pcs"}
    if segment.has_quantity:
        lines[at] = lines[at].model_copy(update=counted)
    lines[0] = lines[0].model_copy(update={"unit_price": segment.unit_price})
    return lines


def _lines_of_words(words: Sequence[Token], locale: Locale, *, counted: bool = False) -> list[LineReading]:
    """The lines that these words may be; ``counted``: the count of the first was read before them."""
    spaced = tokenize(_GLUED_WEIGHT.sub(" ", _JOINED_BY_SLASH.sub(" / ", joined(words))))
    lines = (_counted(chunk, locale) for chunk in _chunks(spaced, locale, counted=counted))
    return [line for line in lines if line.description]


def _chunks(words: Sequence[Token], locale: Locale, *, counted: bool) -> Iterator[list[Token]]:
    """The words between separators; a count after another count and its words begins a chunk too."""
    vocab = vocabulary(language_of(locale))
    chunk: list[Token] = []
    at = 0
    while at < len(words):
        separator = vocab.words["sep"].at(words, at) or vocab.words["also"].at(words, at)
        if separator is not None or words[at].raw in {",", "+", "&", "/"}:
            yield chunk
            chunk, at = [], separator[1] if separator is not None else at + 1
            continue
        word = words[at]
        if _begins_with_and(words, at, locale):
            yield chunk
            chunk, word = [], Token(word.raw[1:], word.word[1:])
        counts = COUNT.fullmatch(word.raw) is not None and unit_at(words, at + 1, locale) is None
        if counts and chunk and (counted or COUNT.fullmatch(chunk[0].raw) is not None):
            yield chunk
            chunk, counted = [], False
        chunk.append(word)
        at += 1
        if counts and word.raw.endswith(")"):
            yield chunk
            chunk = []
    yield chunk


def _counted(chunk: Sequence[Token], locale: Locale) -> LineReading:
    """``3 desks``, ``chair 4``, ``chair (4)``, ``we are 12 people``: the words, and how many."""
    for at, token in enumerate(chunk):
        number = COUNT.fullmatch(token.raw)
        if number is None and vocabulary(language_of(locale)).counts.at(chunk, at) is None:
            continue
        bare = [Token(number[1], number[1]), *chunk[at + 1 :]] if number else chunk[at:]
        found = quantity_at(bare, 0, locale)
        if found is None or not isinstance(found.value, Decimal) or not found.value:
            continue
        behind = bare[found.after :]
        return _line_of(behind or chunk[:at], found, locale)
    return LineReading(description=_as_item(chunk))


def _line_of(words: Sequence[Token], found: FoundQuantity, locale: Locale) -> LineReading:
    of = vocabulary(language_of(locale)).of.at(words, 0) if found.unit is not None else None
    value = found.value if isinstance(found.value, Decimal) else None
    return LineReading(
        description=_as_item(words[of[1] if of else 0 :]), quantity=value, unit=found.unit or "pcs"
    )


def _as_item(words: Sequence[Token]) -> str:
    return joined(words).strip(" ,:–—-").rstrip(" .?!؟")
