"""Finds a price, or a quantity with its unit, among other words.

One rule: only an ISO code, a currency's own sign or its name counts as a currency.

A dollar sign alone means the dollar already in use; if there is none, the person is asked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.core import Locale

from api.language.numbers import NumberReading, joined_at, plain, read_number, spaced_at, split_number
from api.language.readings import Ambiguous, NotUnderstood, ParseIssue
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import (
    CASE_SENSITIVE_UNITS,
    COMMON_CURRENCIES,
    DOLLARS,
    language_of,
    vocabulary,
)
from core.kernel.money import currencies_in_use

HUNDREDTH = "hundredth"
"""What cents, kopecks and pence are of their currency."""
MANY_CENTS = 100
"""As many make one of the currency, and nobody quotes in so many."""
_IN_CENTS = re.compile(r"(\d{1,12})[.,](\d\d)", re.ASCII)
"""Beside a currency it has cents in every language: ``79,00 EUR``, ``4.80 usd``."""
SWISS = Locale("de", "CH")
"""Francs are written with a decimal point: ``CHF 45.50``."""
TIMES_SIGNS = frozenset({"x", "×", "х", "*", "✕"})
"""Latin x, the multiplication sign, Cyrillic х and the asterisk."""


@dataclass(frozen=True)
class FoundPrice:
    """A price with its position: its value, its currency and where it ends."""

    value: NumberReading
    currency: str | Ambiguous | None
    after: int


@dataclass(frozen=True)
class FoundQuantity:
    """A quantity with its position."""

    value: NumberReading
    unit: str | None
    times: bool
    after: int


def currency_named(
    tokens: Sequence[Token], index: int, locale: Locale, default: str | None
) -> tuple[str | Ambiguous, int] | None:
    """The currency that is named at a position, and the position after it.

    ``HUNDREDTH`` for cents; a name that several currencies have is a question, unless one of them is spoken of.
    """
    if index >= len(tokens):
        return None
    raw = tokens[index].raw.strip(".,:;()")
    upper = raw.upper()
    if raw.isascii() and (upper in COMMON_CURRENCIES or (raw == upper and upper in currencies_in_use())):
        return (upper, index + 1) if raw in {upper, raw.lower()} else None
    table = vocabulary(language_of(locale)).currencies
    found = table.at(tokens, index) or (table.at(tokenize(raw), 0) if raw else None)
    if raw == "$" or (found is not None and found[0] == "dollar"):
        after = found[1] if found is not None and raw != "$" else index + 1
        return (default if default in DOLLARS else _asked(raw, DOLLARS[:3])), after
    if found is None:
        return None
    codes = found[0].split("/")
    after = found[1] if table.at(tokens, index) else index + 1
    return (HUNDREDTH if codes[0] == HUNDREDTH else _one_of(raw, codes, default)), after


def _one_of(text: str, codes: Sequence[str], default: str | None) -> str | Ambiguous:
    """The only code, or the one that is spoken of; else it is asked which."""
    if len(codes) == 1:
        return codes[0]
    return default if default is not None and default in codes else _asked(text, codes)


def _whole_of(
    tokens: Sequence[Token], index: int, locale: Locale, default: str | None
) -> str | Ambiguous | None:
    """Whose hundredths are named: of the pound for ``pence``, of the euro for ``Cent``."""
    found = vocabulary(language_of(locale)).currencies.at(tokens, index)
    codes = found[0].split("/")[1:] if found is not None else []
    return _one_of(tokens[index].raw, codes, default) if codes else None


def _asked(text: str, codes: Sequence[str]) -> Ambiguous:
    return Ambiguous(text=text, readings=tuple(codes), field="currency")


def price_at(tokens: Sequence[Token], index: int, locale: Locale, default: str | None) -> FoundPrice | None:
    """A price that begins here: ``1200``, ``1.200 EUR``, ``EUR 1.200``, ``€1200``, ``1200€``."""
    before = None
    if index + 1 < len(tokens) and not any(char.isdigit() for char in tokens[index].raw):
        before = currency_named(tokens, index, locale, default)
        index = before[1] if before is not None else index
    if index >= len(tokens):
        return None
    text, after = joined_at(tokens, index, locale)
    parts = split_number(text)
    if parts is None:
        return None
    prefix, digits, suffix = parts
    attached = [
        currency_named(tokenize(sign.rstrip("/")), 0, locale, default)
        for sign in (prefix, suffix)
        if sign.strip(" .)(")
    ]
    if any(currency is None for currency in attached):
        return None
    named = next(iter(attached), None) or before
    behind = currency_named(tokens, after, locale, default) if after < len(tokens) else None
    signed = named is not None and "$" in (prefix, suffix, tokens[index - 1].raw if before else "")
    outranked = signed and behind is not None and not _begins_number(tokens, behind[1])
    if behind is not None and (named is None or outranked):
        named, after = behind, behind[1]
    currency = named[0] if named is not None else None
    cents = (
        currency_named(tokens, after, locale, default) if named is not None and after < len(tokens) else None
    )
    if cents is not None and cents[0] == HUNDREDTH and named is not cents:
        return FoundPrice(_hundredth(text, read_number(digits, locale)), currency, cents[1])
    spaced = spaced_at(tokens, index, after) if not suffix else None
    if spaced is not None:
        following = currency_named(tokens, spaced[1], locale, default) if spaced[1] < len(tokens) else None
        kept = currency or (following[0] if following else None)
        return FoundPrice(
            _both(text, spaced[0], locale), kept, following[1] if following and not currency else spaced[1]
        )
    if multiplier_at(tokens, after, locale):
        return FoundPrice(NotUnderstood(text=text, why=ParseIssue.number), currency, after + 1)
    value = read_number(digits, SWISS if currency == "CHF" else locale)
    if currency == HUNDREDTH:
        cents_of = _whole_of(tokens, after - 1, locale, default) if behind is named else None
        few = isinstance(value, Decimal) and value < MANY_CENTS
        return FoundPrice(_hundredth(text, value), cents_of if few else None, after)
    return FoundPrice(value if currency is None else in_cents(digits, value), currency, after)


def in_cents(digits: str, value: NumberReading) -> NumberReading:
    """``79,00`` with cents, where a currency says that it is a price; any other number as it was read."""
    match = _IN_CENTS.fullmatch(digits.strip("()").rstrip(".,:;"))
    return Decimal(f"{match[1]}.{match[2]}") if match and isinstance(value, Ambiguous) else value


def _begins_number(tokens: Sequence[Token], index: int) -> bool:
    """``$ 410, HKD 3,200``: the second currency belongs to what follows."""
    return index < len(tokens) and tokens[index].raw[0].isdigit()


def _hundredth(text: str, value: NumberReading) -> NumberReading:
    """``45 cents`` are 0.45; ``410 cents`` are asked: 4.10, or 410 of a currency."""
    if not isinstance(value, Decimal):
        return value
    if value < MANY_CENTS:
        return value / MANY_CENTS
    return Ambiguous(text=text, readings=(plain(value / 100), plain(value)))


def _both(alone: str, joined: str, locale: Locale) -> NumberReading:
    """``1 200`` may be one thousand two hundred, or a 1 followed by something else, so the person is asked."""
    readings = [read_number(split[1], locale) for split in map(split_number, (joined, alone)) if split]
    values = [value for value in readings if isinstance(value, Decimal)]
    if len(values) < 2:
        return NotUnderstood(text=joined, why=ParseIssue.number)
    return Ambiguous(text=joined.replace("’", " "), readings=tuple(plain(value) for value in values))


def multiplier_at(tokens: Sequence[Token], index: int, locale: Locale) -> bool:
    """Whether the next word changes the number before it: ``hundred``, ``1/2``, ``½``."""
    if index >= len(tokens):
        return False
    if re.fullmatch(r"\d{1,3}/\d{1,3}", tokens[index].word, re.ASCII):
        return True
    return vocabulary(language_of(locale)).multipliers.at(tokens, index) is not None


def quantity_at(tokens: Sequence[Token], index: int, locale: Locale) -> FoundQuantity | None:
    """A quantity that begins here: ``3``, ``3x``, ``3 ×``, ``2.5 kg``, ``2,5kg``, ``10 boxes``, ``two``."""
    if index >= len(tokens):
        return None
    vocab = vocabulary(language_of(locale))
    counted = vocab.counts.at(tokens, index)
    few = vocab.words["few"].at(tokens, index)
    if few is not None and tokens[few[1] - 1].raw.islower():
        return None  # ``ein paar``, but ``ein Paar``
    if counted is not None:
        if multiplier_at(tokens, counted[1], locale):
            return None
        return _unit_after(Decimal(counted[0]), tokens, counted[1], locale)
    text, after = joined_at(tokens, index, locale)
    parts = split_number(text)
    if parts is None or parts[0]:
        return None
    _, digits, suffix = parts
    value = read_number(digits, locale)
    if not suffix:
        if multiplier_at(tokens, after, locale):
            return None
        spaced = spaced_at(tokens, index, after)
        if spaced is not None and not _measures(tokens, spaced[1] - 1, locale):
            return None
        return _unit_after(value, tokens, after, locale)
    if suffix.casefold() in TIMES_SIGNS:
        return FoundQuantity(value, "pcs", True, after)
    unit = unit_at(tokenize(suffix), 0, locale)
    return FoundQuantity(value, unit[0], False, after) if unit is not None else None


def _measures(tokens: Sequence[Token], index: int, locale: Locale) -> bool:
    """Whether a number measures the item instead of counting it: ``3 500 ml bottles`` are three."""
    vocab = vocabulary(language_of(locale))
    return (
        unit_at(tokens, index + 1, locale) is not None or vocab.dimensions.at(tokens, index + 1) is not None
    )


def unit_at(tokens: Sequence[Token], index: int, locale: Locale) -> tuple[str, int] | None:
    """The unit at this position, as its short code."""
    found = vocabulary(language_of(locale)).units.at(tokens, index)
    compound = vocabulary(language_of(locale)).words["compounds"].at(tokens, index)
    if (
        found is None
        or compound is not None
        or (tokens[index].word in CASE_SENSITIVE_UNITS and not tokens[index].raw[0].islower())
    ):
        return None
    return found


def _unit_after(
    value: NumberReading, tokens: Sequence[Token], index: int, locale: Locale
) -> FoundQuantity | None:
    vocab = vocabulary(language_of(locale))
    if index < len(tokens) and tokens[index].raw.casefold() in TIMES_SIGNS:
        return FoundQuantity(value, "pcs", True, index + 1)
    if vocab.dimensions.at(tokens, index) is not None:
        return None
    unit = unit_at(tokens, index, locale)
    if unit is None:
        return FoundQuantity(value, None, False, index)
    return FoundQuantity(value, unit[0], False, unit[1])
