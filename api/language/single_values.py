"""Parses one field at a time, as forms ask for it.

One rule: numbers and dates are the same as in a whole line: one value, all readings, or why there is none.
"""

from datetime import date
from decimal import Decimal

from api.language.amounts import price_at, quantity_at
from api.language.dates import read_date
from api.language.language_tags import locale_for
from api.language.numbers import joined_at
from api.language.readings import Ambiguous, Amount, NotUnderstood, ParseIssue, Quantity
from api.language.tokenizer import MAX_TEXT_LENGTH, Token, clean, tokenize


def parse_amount(text: str, locale: str, currency: str | None = None) -> Amount | Ambiguous | NotUnderstood:
    """A price such as ``1200``, ``1.200,50 EUR``, ``€1200``; ``currency`` is the one that ``$`` may mean."""
    tokens = _tokens(text)
    if isinstance(tokens, NotUnderstood):
        return tokens
    found = price_at(_joined(tokens, locale), 0, locale_for(locale), currency)
    if found is None or found.after < len(_joined(tokens, locale)):
        return NotUnderstood(text=text.strip()[:100], why=ParseIssue.number)
    if not isinstance(found.value, Decimal):
        return found.value
    if isinstance(found.currency, Ambiguous):
        return found.currency
    return Amount(value=found.value, currency=found.currency)


def parse_quantity(text: str, locale: str) -> Quantity | Ambiguous | NotUnderstood:
    """A quantity such as ``3``, ``3x``, ``2.5 kg``, ``10 boxes``; never zero."""
    tokens = _tokens(text)
    if isinstance(tokens, NotUnderstood):
        return tokens
    found = quantity_at(_joined(tokens, locale), 0, locale_for(locale))
    if found is None or found.after < len(_joined(tokens, locale)):
        return NotUnderstood(text=text.strip()[:100], why=ParseIssue.number)
    if not isinstance(found.value, Decimal):
        return found.value
    if not found.value:
        return NotUnderstood(text=text.strip()[:100], why=ParseIssue.zero)
    return Quantity(value=found.value, unit=found.unit or "pcs")


def parse_date(text: str, locale: str, today: date) -> date | Ambiguous | NotUnderstood:
    """A day such as ``2026-12-01``, ``1 Dec``, ``Friday``, ``in 2 weeks``, made absolute."""
    tokens = _tokens(text)
    if isinstance(tokens, NotUnderstood):
        return tokens
    reading = read_date(" ".join(token.raw for token in tokens), locale_for(locale), today)
    if isinstance(reading, NotUnderstood):
        return NotUnderstood(text=text.strip()[:100], why=reading.why)
    return reading


def _tokens(text: str) -> list[Token] | NotUnderstood:
    if len(text) > MAX_TEXT_LENGTH:
        return NotUnderstood(text=text[:100], why=ParseIssue.too_long)
    return tokenize(clean(text)) or NotUnderstood(text=text.strip()[:100], why=ParseIssue.empty)


def _joined(tokens: list[Token], locale: str) -> list[Token]:
    """Groups separated by spaces are one number when nothing else follows: ``1 200``."""
    hard = [Token(token.raw, token.word, hard_space=True) for token in tokens]
    text, after = joined_at(hard, 0, locale_for(locale))
    return [Token(text, text), *tokens[after:]] if after > 1 else tokens
