"""Lists whose counts stand behind: ``milk 20 litres, cream 5 litres``, ``soap (12), towels (24)``, ``Dübel: 1.000``.

One rule: where every item of a list has a count behind it and none has one before it, that is how many; each is
rewritten with its count first, as all others are read.

    a count that is shown as one    ``(12)``, ``(qty 500)``, ``x12``, ``: 12``, ``- 12``, ``12 rolls``, ``szt. 12``
    a weight or a volume            ``15 kg``, ``20 litres``, but not ``15 ml`` and ``5kg``, which may be sizes
    a number                        ``stapler 5``: with shown ones only, for ``Office 2021, room 12`` are none
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.core import Locale

from api.language.amounts import TIMES_SIGNS, quantity_at, unit_at
from api.language.date_vocabulary import names
from api.language.dates import calendar_date_at
from api.language.numbers import split_number
from api.language.places import is_place
from api.language.request_cursor import joined
from api.language.request_items import MEASURES, TIMES_OF_DAY
from api.language.request_kinds import CAPITAL_UNITS
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import language_of, vocabulary

MIN_ITEMS = 2
MIN_UNSHOWN = 3
"""So many different items make a list of weights: ``bin 50 l, bin 120 l`` are two sizes."""
WEIGHED = frozenset({"kg", "l", "t", "m3"})
BRACKETED = "×"
"""Behind the count of ``shoes (42)``, which is none where it stands in few items: it may be a size or a year."""
MAX_BRACKETED = len("999 ×")
_BRACKETED = re.compile(
    r"\(\s*(?:[^\W\d_]+[.:]?\s+)?(?:[x×х]\s*)?\d[\d.,]*\s*(?:[^\W\d_]{1,8}\.?)?\s*\)", re.IGNORECASE
)
_INSIDE = re.compile(r"\d[\d.,]*")
_DASHES = frozenset({"-", "–", "—", ":", "=", "->", "→"})


_Count = tuple[str, int, bool, int]
"""How a count is written, where it ends, whether it is shown as one, and where the words before it end."""


@dataclass(frozen=True)
class _Item:
    words: tuple[Token, ...]
    count: str
    """The number as it was written, with its unit or a sign of multiplication."""
    rest: tuple[Token, ...]
    shown: bool
    """Nothing else than a count can stand so."""


@dataclass(frozen=True)
class _List:
    lead: tuple[Token, ...]
    items: tuple[_Item, ...]
    told: tuple[Token, ...]
    """What is said behind the last item: a day, a place."""


def with_counts_first(parts: Sequence[list[str]], locale: Locale, today: date) -> list[list[str]]:
    """The sentences of each line, in which a list whose counts stand behind has them first."""
    read = [[_list_of(tokenize(each), locale, today) for each in sentences] for sentences in parts]
    found = [each for sentences in read for each in sentences if each is not None]
    counted_first = any(_has_count_first(tokenize(each), locale) for sentences in parts for each in sentences)
    alone = found if counted_first else []
    if not found or (not alone and not _is_plain([item for each in found for item in each.items])):
        return list(parts)
    return [
        [
            written
            for each, listed in zip(sentences, lists, strict=True)
            for written in (
                [each]
                if listed is None or (counted_first and not _is_plain(listed.items))
                else _written(listed, locale)
            )
        ]
        for sentences, lists in zip(parts, read, strict=True)
    ]


def _is_plain(items: Sequence[_Item]) -> bool:
    """Whether these are certainly items with their counts."""
    unshown = [each for each in items if not each.shown]
    different = len({each.words[-1].word for each in items}) == len(items)
    bracketed = all(each.count.endswith(BRACKETED) and len(each.count) <= MAX_BRACKETED for each in unshown)
    weighed = bracketed or (different and not any(each.count[-1] in f"x{BRACKETED}" for each in unshown))
    return len(items) >= (MIN_UNSHOWN if unshown else MIN_ITEMS) and (not unshown or weighed)


def _written(listed: _List, locale: Locale) -> list[str]:
    """Each item as a sentence of its own, and what was said before them."""
    lead = _without_wish(list(listed.lead), locale)
    said = [] if _is_only_talk(lead, locale) else [joined(lead)]
    items = [f"{each.count} {joined(each.words)} {joined(each.rest)}".strip() for each in listed.items]
    if listed.told:
        items[-1] += f", {joined(listed.told)}"
    return [*said, *items]


def _without_wish(lead: list[Token], locale: Locale) -> list[Token]:
    """``for the store we need``: the words of the wish end what is said before a list."""
    vocab = vocabulary(language_of(locale))
    for at in range(len(lead)):
        wish = vocab.openings.at(lead, at) or vocab.words["needs"].at(lead, at)
        if at and wish is not None and wish[1] >= len(lead) - (lead[-1].raw in {":", ","}):
            return lead[:at]
    return lead


def _is_only_talk(words: Sequence[Token], locale: Locale) -> bool:
    """Whether all of it is how a wish or an order begins: ``Needed``, ``Please order``."""
    vocab = vocabulary(language_of(locale))
    index = 0
    while index < len(words):
        clause = vocab.clauses.at(words, index)
        found = [
            each[1]
            for table in (vocab.openings, vocab.courtesies, vocab.words["needs"], vocab.words["greetings"])
            if (each := table.at(words, index)) is not None
        ]
        if clause is not None and clause[0] == "needed":
            found.append(clause[1])
        if not found and words[index].raw not in {",", ":", "!", "-", "–"}:
            return False
        index = max(found, default=index + 1)
    return True


def _has_count_first(tokens: Sequence[Token], locale: Locale) -> bool:
    """``2 mugs``: behind the words with which a wish begins."""
    begun = _lead_end(tokens, locale)
    found = quantity_at(tokens, begun, locale)
    return found is not None and found.after < len(tokens) and found.unit not in MEASURES


def _list_of(tokens: Sequence[Token], locale: Locale, today: date) -> _List | None:
    """The items of a sentence, if all of them have their count behind."""
    begun = _lead_end(tokens, locale)
    if begun >= len(tokens) or quantity_at(tokens, begun, locale) is not None:
        return None
    items: list[_Item] = []
    for start, end in _chunks(tokens, begun, locale):
        item = _item_of(tokens[start:end], locale, today)
        if item is None:
            told = bool(items) and _is_told(tokens, start, locale, today)
            return _List(tuple(tokens[:begun]), tuple(items), tuple(tokens[start:])) if told else None
        items.append(item)
    return _List(tuple(tokens[:begun]), tuple(items), ()) if items else None


def _lead_end(tokens: Sequence[Token], locale: Locale) -> int:
    """Behind a colon that stands before the first count, or behind the last word of a wish."""
    vocab = vocabulary(language_of(locale))
    first = next((at for at, token in enumerate(tokens) if _is_number(token, locale)), len(tokens))
    index = 0
    for at in range(first):
        wish = vocab.openings.at(tokens, at) or vocab.words["needs"].at(tokens, at)
        courtesy = vocab.courtesies.at(tokens, at) if at == index else None
        found = wish or courtesy
        if found is not None and found[1] <= first and (at == index or len(tokens[at].word) > 1):
            index = found[1]
        if tokens[at].raw.endswith(":") and at + 1 < first:
            index = at + 1
    while index < len(tokens) and tokens[index].raw in {",", ":", "!"}:
        index += 1
    return index


def _is_number(token: Token, locale: Locale) -> bool:
    return any(char.isdigit() for char in token.raw) and split_number(token.raw.strip("()")) is not None


def _chunks(tokens: Sequence[Token], begun: int, locale: Locale) -> list[tuple[int, int]]:
    """What stands between commas and "and"s, brackets left whole."""
    sep = vocabulary(language_of(locale)).words["sep"]
    found: list[tuple[int, int]] = []
    start = at = begun
    depth = 0
    while at < len(tokens):
        depth += tokens[at].raw.count("(") - tokens[at].raw.count(")")
        separator = sep.at(tokens, at) if depth <= 0 else None
        if depth <= 0 and (separator is not None or tokens[at].raw in {",", "+", "&", "/", "|"}):
            if at > start:
                found.append((start, at))
            start = at = separator[1] if separator is not None else at + 1
            continue
        at += 1
    if start < len(tokens):
        found.append((start, len(tokens)))
    return found


def _item_of(chunk: Sequence[Token], locale: Locale, today: date) -> _Item | None:
    """An item with its count behind it; None where it has none, or where more than one may be it."""
    if not chunk or not chunk[0].raw[0].isalpha() or quantity_at(chunk, 0, locale) is not None:
        return None
    for at in range(1, len(chunk)):
        found = _count_at(chunk, at, locale)
        if found is None:
            continue
        count, after, shown, begun = found
        words, rest = chunk[:begun], chunk[after:]
        if rest and not _is_told(rest, 0, locale, today):
            continue
        if not words or any(_count_ends(words, each, locale) for each in range(1, len(words))):
            return None
        return _Item(tuple(words), count, tuple(rest), shown)
    return None


def _count_ends(words: Sequence[Token], at: int, locale: Locale) -> bool:
    """A count that is shown as one among the words of the item."""
    found = _count_at(words, at, locale)
    return found is not None and found[2]


def _count_at(chunk: Sequence[Token], at: int, locale: Locale) -> _Count | None:
    """The count that stands here, of whatever kind."""
    begun = at - 1 if at > 1 and chunk[at - 1].raw in _DASHES else at
    if chunk[at].raw.startswith("("):
        return _bracketed(chunk, at, locale)
    led, named = _led_count(chunk, at, begun, locale)
    if named:
        return led
    if chunk[at].raw[0].casefold() in TIMES_SIGNS:
        return _timed(chunk, at, begun, locale)
    if not chunk[at].raw[0].isdigit():
        return None
    set_apart = begun < at or chunk[at - 1].raw.endswith((":", "=")) or chunk[at - 1].raw in _DASHES
    return _plain_count(chunk, at, begun, locale, set_apart=set_apart)


def _led_count(chunk: Sequence[Token], at: int, begun: int, locale: Locale) -> tuple[_Count | None, bool]:
    """``qty 12``, ``szt. 12``: a label or a unit before the number, and whether one stands here."""
    vocab = vocabulary(language_of(locale))
    label = vocab.quote.at(chunk, at)
    labelled = label is not None and "quantity" in label[0].split("/")
    unit = unit_at(chunk, at, locale)
    led = label[1] if labelled and label is not None else unit[1] if unit is not None else at
    short = unit is not None and (unit[0] == "pcs" or chunk[at].raw.endswith("."))
    if led == at or not (labelled or short):
        return None, False  # ``paper bags 20``
    if unit is not None and unit[0] in MEASURES | TIMES_OF_DAY:
        return None, True
    if not labelled and vocab.of.at(chunk, at - 1) is not None:
        return None, True  # ``cajas de cartón 100``
    while led < len(chunk) and chunk[led].raw in _DASHES:
        led += 1
    number = quantity_at(chunk, led, locale) if led < len(chunk) else None
    if number is None or not chunk[led].raw[0].isdigit() or number.unit in MEASURES:
        return None, True
    word = chunk[at].raw if not labelled and number.unit is None else ""
    written = f"{_digits(chunk, led, number.after)} {word or ('' if number.unit else 'x')}"
    return (written, number.after, True, begun), True


def _timed(chunk: Sequence[Token], at: int, begun: int, locale: Locale) -> _Count | None:
    """``x12``, ``x 12``."""
    raw = chunk[at].raw
    rest = [*tokenize(raw[1:]), *chunk[at + 1 :]]
    number = quantity_at(rest, 0, locale) if rest and rest[0].raw[0].isdigit() else None
    if number is None or number.unit in MEASURES:
        return None
    written = f"{_digits(rest, 0, number.after)} {'' if number.unit else 'x'}"
    return written, at + number.after + (len(raw) == 1), True, begun


def _plain_count(
    chunk: Sequence[Token], at: int, begun: int, locale: Locale, *, set_apart: bool
) -> _Count | None:
    """``12``, ``12 rolls``, ``15 kg``."""
    vocab = vocabulary(language_of(locale))
    number = quantity_at(chunk, at, locale)
    if number is None or number.unit in TIMES_OF_DAY:
        return None
    if number.unit is None and chunk[number.after :] and chunk[number.after].raw in CAPITAL_UNITS:
        written = f"{_digits(chunk, at, number.after)} {chunk[number.after].word}"
        return written, number.after + 1, set_apart, begun
    written = f"{_digits(chunk, at, number.after)} {'' if number.unit else 'x'}"
    if number.unit is None:
        word = chunk[at - 1]
        sized = vocab.words["size"].at(chunk, at - 1) is not None
        plain = word.raw[-1].isalpha() and not sized and not word.raw.isupper()
        return (written, number.after, set_apart, begun) if set_apart or plain else None
    if number.unit in MEASURES:
        weighed = number.unit in WEIGHED and chunk[at].raw[-1].isdigit()
        return (written, number.after, set_apart, begun) if weighed or set_apart else None
    return written, number.after, True, begun


def _bracketed(chunk: Sequence[Token], at: int, locale: Locale) -> _Count | None:
    """``(12)``, ``(qty 500)``, ``(10 pcs)``."""
    end = next((each for each in range(at, len(chunk)) if ")" in chunk[each].raw), None)
    if end is None:
        return None
    text = joined(chunk[at : end + 1]).rstrip(".,;:!?")
    if _BRACKETED.fullmatch(text) is None:
        return None
    inner = tokenize(text.strip("()"))
    number = next((each for each in range(len(inner)) if inner[each].raw[0].isdigit()), None)
    if number is None:
        digits = _INSIDE.search(text)
        return (f"{digits[0]} x", end + 1, True, at) if digits is not None else None
    found = quantity_at(inner, number, locale)
    label = vocabulary(language_of(locale)).quote.at(inner, 0) if number else None
    unit = unit_at(inner, 0, locale) if number else None
    named = number == 0 or unit is not None or (label is not None and "quantity" in label[0].split("/"))
    if found is None or found.after != len(inner) or found.unit in MEASURES | TIMES_OF_DAY or not named:
        return None
    written, bare = _digits(inner, number, found.after), found.unit is None and number == 0
    return f"{written} {BRACKETED if bare else '' if found.unit else 'x'}", end + 1, not bare, at


def _digits(tokens: Sequence[Token], begun: int, after: int) -> str:
    """The words of a count without what ends a sentence."""
    return joined(tokens[begun:after]).rstrip(".:;!?")


def _is_told(tokens: Sequence[Token], index: int, locale: Locale, today: date) -> bool:
    """Whether a day, a place, a courtesy or another clause begins here, and no item."""
    vocab = vocabulary(language_of(locale))
    while index < len(tokens) and tokens[index].raw in {",", "-", "–", "—", "!", "."}:
        index += 1
    if index >= len(tokens):
        return True
    calendar = names(language_of(locale))
    tables = (
        vocab.clauses,
        vocab.days,
        vocab.courtesies,
        vocab.urgencies,
        vocab.words["prepositions"],
        vocab.words["sign_off"],
        vocab.words["to_place"],
        vocab.words["budget"],
        vocab.price_at,
        calendar.weekdays,
    )
    label = vocab.quote.at(tokens, index)
    delivered = label is not None and bool({"delivery", "shipping", "total"} & set(label[0].split("/")))
    return (
        delivered
        or any(each.at(tokens, index) is not None for each in tables)
        or calendar_date_at(tokens, index, locale, today) is not None
        or is_place(tokens[index].word, locale)
        or tokens[index].raw.startswith(("@", "#"))
        or (tokens[index].raw.isupper() and len(tokens) == index + 1)
    )
