"""Prices that depend on how many are bought: ``1-9 pcs $55, 10-49 pcs $49, 50+ $44``.

One rule: the tier is picked only when exactly one of them holds for the number that the RFQ asks for.

    1-9 · from 10 to 49 · from 50 · 50+ · 50 or more · less than 10 · up to 10 · otherwise

A price belongs to the tier beside it: all of them before, or all of them behind, or the only one in its clause.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.core import Locale

from api.language.amounts import FoundPrice, price_at, unit_at
from api.language.dates import calendar_date_at
from api.language.quote_signs import spread
from api.language.request_items import MEASURES
from api.language.spans import wide_span_at
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import Vocabulary, language_of, vocabulary

MIN_TIERS = 2
MAX_TIERS = 8
MAX_WORDS_BETWEEN = 6
MAX_TIER_WORDS = 120
"""A longer text lists no tiers."""
ANY_DAY = date(2000, 1, 1)
"""Only whether a date stands there is asked."""
_RANGE = re.compile(r"(\d{1,6})[-–—](\d{1,6})", re.ASCII)
_OPEN = re.compile(r"(\d{1,6})\+", re.ASCII)
_GLUED = re.compile(r"(\d{1,6})([^\W\d_]{2,8})")
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)
_CUTS = frozenset({",", ";", "|", "–", "—", "("})


@dataclass(frozen=True)
class QuantityTier:
    """For how many a price holds, both ends included, and the words that say so."""

    low: int | None
    high: int | None
    start: int
    after: int

    @property
    def is_rest(self) -> bool:
        return self.low is None and self.high is None


@dataclass(frozen=True)
class TierPrice:
    """A price among tiers, and its words."""

    value: FoundPrice
    start: int
    after: int


@dataclass(frozen=True)
class Tiered:
    """A text in which the tiers were replaced by the price that holds, and the tiers as they were written."""

    text: str
    source: str


def without_tiers(text: str, asked: Decimal | None, locale: Locale) -> Tiered | None:
    """The text with the price for what was asked; None without tiers, or when none or several of them hold."""
    if asked is None or sum(char.isdigit() for char in text) < MIN_TIERS * 2:
        return None
    spoken = spread(text.replace(";", " ; "))
    tokens = tokenize(spoken)
    if len(tokens) > MAX_TIER_WORDS:
        return None
    found = _listed(list(_found(tokens, locale)), tokens)
    pairs = _pairs(found, tokens)
    if pairs is None or _is_packed(found, tokens, locale):
        return None
    chosen = [price for tier, price in pairs if _holds(tier, [each for each, _ in pairs], asked)]
    if len(chosen) != 1 or not isinstance(chosen[0].value.value, Decimal):
        return None
    first, last = found[0].start, max(each.after for each in found)
    price = " ".join(token.raw for token in tokens[chosen[0].start : chosen[0].after]).strip(",.;:")
    currency = _currency(pairs) if chosen[0].value.currency is None else ""
    before = spoken[: tokens[first].start]
    behind = spoken[tokens[last - 1].end :]
    source = " ".join(token.raw for token in tokens[first:last]).replace(" ,", ",").replace(" ;", ";")
    return Tiered(f"{before} @ {price} {currency}{_cut(tokens, last)} {behind}".strip(), source)


def _cut(tokens: Sequence[Token], last: int) -> str:
    """The point at the end of the last tier still ends its sentence."""
    return " ," if tokens[last - 1].raw.endswith(".") else ""


def _currency(pairs: Sequence[tuple[QuantityTier, TierPrice]]) -> str:
    """The only currency that stands at other tiers."""
    named = {str(price.value.currency) for _, price in pairs if isinstance(price.value.currency, str)}
    return next(iter(named)) if len(named) == 1 else ""


def _found(tokens: Sequence[Token], locale: Locale) -> Iterator[QuantityTier | TierPrice]:
    """Tiers and prices in their order."""
    vocab, index = vocabulary(language_of(locale)), 0
    while index < len(tokens):
        tier = _tier_at(tokens, index, vocab, locale)
        if tier is not None:
            yield tier
            index = tier.after
            continue
        timed = _time_end(tokens, index, locale)
        price = price_at(tokens, index, locale, None) if timed is None else None
        if price is not None and isinstance(price.value, Decimal):
            yield TierPrice(price, index, price.after)
        index = price.after if price is not None else timed or index + 1


def _time_end(tokens: Sequence[Token], index: int, locale: Locale) -> int | None:
    """Behind a span or a date: ``3 weeks``, ``12 December``."""
    span = wide_span_at(tokens, index, locale)
    if span is not None:
        return span.after
    day = calendar_date_at(tokens, index, locale, ANY_DAY)
    return day[1] if day is not None else None


def _tier_at(tokens: Sequence[Token], index: int, vocab: Vocabulary, locale: Locale) -> QuantityTier | None:
    both = _both_ends(tokens, index, vocab)
    if both is not None:
        low, high, after = both
        if _is_of_something_else(tokens, index, after, vocab, locale):
            return None
        return QuantityTier(low, high, index, _unit_end(tokens, after, locale)) if low < high else None
    opened = _OPEN.fullmatch(tokens[index].raw.strip(",;:()"))
    if opened is not None:
        return QuantityTier(int(opened[1]), None, index, _unit_end(tokens, index + 1, locale))
    from_, below, up_to = (
        vocab.words[name].at(tokens, index) for name in ("tier_from", "tier_below", "tier_up_to")
    )
    longest = max(
        (each for each in (from_, below, up_to) if each is not None), key=lambda each: each[1], default=None
    )
    if longest is not None and (number := _whole_at(tokens, longest[1], locale)) is not None:
        after = _unit_end(tokens, longest[1] + 1, locale)
        if longest is from_:
            more = vocab.words["tier_more"].at(tokens, after)
            return QuantityTier(number, None, index, more[1] if more is not None else after)
        return QuantityTier(None, number - 1 if longest is below else number, index, after)
    one = _one_end(tokens, index, vocab)
    if one is not None:
        return QuantityTier(1, None, index, one)
    number = _whole_at(tokens, index, locale)
    if number is not None:
        after = _unit_end(tokens, index + 1, locale)
        more, less = vocab.words["tier_more"].at(tokens, after), vocab.words["tier_less"].at(tokens, after)
        if more is not None:
            return QuantityTier(number, None, index, _unit_end(tokens, more[1], locale))
        return QuantityTier(None, number - 1, index, less[1]) if less is not None else None
    rest = vocab.words["tier_rest"].at(tokens, index)
    return QuantityTier(None, None, index, rest[1]) if rest is not None else None


def _one_end(tokens: Sequence[Token], index: int, vocab: Vocabulary) -> int | None:
    """Behind ``for one``, ``pour 1``: what a single one costs."""
    clause = vocab.clauses.at(tokens, index)
    begun = clause[1] if clause is not None and clause[0] == "purpose" else None
    named = vocab.counts.at(tokens, begun) if begun is not None else None
    if begun is None or begun >= len(tokens):
        return None
    single = tokens[begun].word == "1" or (named is not None and named[0] == "1")
    ended = begun + 1 >= len(tokens) or not tokens[begun + 1].raw[0].isalnum()
    return begun + 1 if single and ended else None


def _is_of_something_else(
    tokens: Sequence[Token], index: int, after: int, vocab: Vocabulary, locale: Locale
) -> bool:
    """``1-2 TB 450``, ``1-2 years warranty 45``, ``sizes 10-14 $45``: a range of no pieces."""
    if index and vocab.words["size"].at(tokens, index - 1) is not None:
        return True
    if after >= len(tokens) or not tokens[after].raw[0].isalpha():
        return False
    unit = unit_at(tokens, after, locale)
    if unit is not None:
        return unit[0] in MEASURES
    return price_at(tokens, after, locale, None) is None and vocab.quote.at(tokens, after) is None


def _both_ends(tokens: Sequence[Token], index: int, vocab: Vocabulary) -> tuple[int, int, int] | None:
    """``1-9``, ``from 10 to 49``, ``10 – 49``."""
    from_ = vocab.words["tier_from"].at(tokens, index)
    begun = from_[1] if from_ is not None else index
    if begun >= len(tokens):
        return None
    glued = _RANGE.fullmatch(tokens[begun].word)
    if glued is not None:
        return int(glued[1]), int(glued[2]), begun + 1
    if begun + 2 >= len(tokens) or not _WHOLE.fullmatch(tokens[begun].word):
        return None
    till = vocab.words["till"].at(tokens, begun + 1) or vocab.words["tier_up_to"].at(tokens, begun + 1)
    dash = tokens[begun + 1].raw in {"-", "–", "—"}
    last = begun + 2 if dash else till[1] if till is not None else None
    if last is None or last >= len(tokens) or not _WHOLE.fullmatch(tokens[last].word):
        return None
    return int(tokens[begun].word), int(tokens[last].word), last + 1


def _whole_at(tokens: Sequence[Token], index: int, locale: Locale) -> int | None:
    """A count without a currency; also ``100шт``, written as one word with its unit."""
    if index >= len(tokens):
        return None
    if not _WHOLE.fullmatch(tokens[index].word):
        glued = _GLUED.fullmatch(tokens[index].word)
        unit = unit_at(tokenize(glued[2]), 0, locale) if glued is not None else None
        return int(glued[1]) if glued is not None and unit is not None and unit[0] not in MEASURES else None
    price = price_at(tokens, index, locale, None)
    counted = price is not None and price.currency is None and _time_end(tokens, index, locale) is None
    return int(tokens[index].word) if counted else None


def _unit_end(tokens: Sequence[Token], index: int, locale: Locale) -> int:
    unit = unit_at(tokens, index, locale)
    return unit[1] if unit is not None else index


def _listed(found: list[QuantityTier | TierPrice], tokens: Sequence[Token]) -> list[QuantityTier | TierPrice]:
    """Without sums behind the last tier, ``…, 50+ $44. Freight $35``; ``95, from 20: 89`` has a price for less."""
    while len(found) > 2 and isinstance(found[0], QuantityTier) and isinstance(found[-2], TierPrice):
        if not (isinstance(found[-1], TierPrice) and _cut_between(found[-2], found[-1], tokens)):
            break
        found = found[:-1]
    if (
        len(found) != 3
        or not isinstance(tier := found[1], QuantityTier)
        or tier.low is None
        or tier.high is not None
    ):
        return found
    before, behind = found[0], found[2]
    beside = behind.start - tier.after <= 1 and _cut_between(before, tier, tokens)
    if isinstance(before, TierPrice) and isinstance(behind, TierPrice) and beside:
        return [QuantityTier(None, None, before.start, before.start), *found]
    return found


def _is_packed(found: Sequence[QuantityTier | TierPrice], tokens: Sequence[Token], locale: Locale) -> bool:
    """``pack de 10: 30, pack de 50: 120``: how many a pack has."""
    tiers = [each for each in found if isinstance(each, QuantityTier) and not each.is_rest and each.start]
    return any(unit_at(tokens, each.start - 1, locale) is not None for each in tiers)


def _pairs(
    found: Sequence[QuantityTier | TierPrice], tokens: Sequence[Token]
) -> list[tuple[QuantityTier, TierPrice]] | None:
    """Each tier with its price; None where they do not pair, or where a tier says "less" and no other tier is there."""
    tiers = [each for each in found if isinstance(each, QuantityTier)]
    if not MIN_TIERS <= len(tiers) <= MAX_TIERS or len(found) != 2 * len(tiers):
        return None
    if any(after.start - before.after > MAX_WORDS_BETWEEN for before, after in itertools.pairwise(found)):
        return None
    alternating = all(
        isinstance(before, QuantityTier) != isinstance(after, QuantityTier)
        for before, after in itertools.pairwise(found)
    )
    pairs = [_pair(*two) for two in zip(found[::2], found[1::2], strict=True)]
    if not alternating and not all(
        _cut_between(before, after, tokens) for before, after in zip(found[1::2], found[2::2], strict=False)
    ):
        return None
    known = [pair for pair in pairs if pair is not None]
    return known if len(known) == len(pairs) else None


def _pair(
    one: QuantityTier | TierPrice, other: QuantityTier | TierPrice
) -> tuple[QuantityTier, TierPrice] | None:
    if isinstance(one, QuantityTier) and isinstance(other, TierPrice):
        return one, other
    return (other, one) if isinstance(other, QuantityTier) and isinstance(one, TierPrice) else None


def _cut_between(
    one: QuantityTier | TierPrice, other: QuantityTier | TierPrice, tokens: Sequence[Token]
) -> bool:
    between = tokens[one.after - 1 : other.start]
    return any(token.raw in _CUTS or token.raw.endswith((".", ";")) for token in between)


def _holds(tier: QuantityTier, tiers: Sequence[QuantityTier], asked: Decimal) -> bool:
    """Whether a tier is for what was asked; of several that begin below it, the last."""
    others = [each for each in tiers if each is not tier]
    if tier.is_rest:
        return not any(_holds(each, [], asked) for each in others if not each.is_rest)
    if (tier.low is not None and asked < tier.low) or (tier.high is not None and asked > tier.high):
        return False
    begins = [each.low for each in others if each.low is not None and each.low <= asked]
    ends = [each.high for each in others if each.high is not None and each.low is None and each.high >= asked]
    if tier.low is not None and tier.high is None:
        return not any(low > tier.low for low in begins)
    return tier.low is not None or not any(tier.high is not None and high < tier.high for high in ends)
