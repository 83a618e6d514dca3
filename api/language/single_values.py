"""Parses one field at a time, as forms ask for it.

One rule: numbers and dates are the same as in a whole line: one value, all readings, or why there is none.

Words of the question may come with the answer: ``until 30 Dec`` to "Until when?", ``1200 each`` to "What does one
cost?". A word that changes the value may not: ``not before 24 Dec``, ``1200 less 10%``.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from babel.core import Locale

from api.language.amounts import price_at, quantity_at
from api.language.dates import date_at
from api.language.language_tags import language_for, spoken_text
from api.language.numbers import joined_at
from api.language.quote_signs import spread
from api.language.readings import Ambiguous, Amount, NotUnderstood, ParseIssue, Quantity
from api.language.spans import MAX_DAYS_AHEAD, day_after, days_of, span_at
from api.language.tokenizer import MAX_TEXT_LENGTH, Token, tokenize
from api.language.vocabulary import language_of, vocabulary


def parse_amount(text: str, locale: str, currency: str | None = None) -> Amount | Ambiguous | NotUnderstood:
    """A price such as ``1200``, ``1.200,50 EUR``, ``€1200``; ``currency`` is the one that ``$`` may mean."""
    if len(text) > MAX_TEXT_LENGTH:
        return NotUnderstood(text=text[:100], why=ParseIssue.too_long)
    spoken = language_for(locale, text)
    tokens = tokenize(spoken_text(text, spoken))
    if not tokens:
        return NotUnderstood(text=text.strip()[:100], why=ParseIssue.empty)
    start = _skip(tokens, 0, spoken, ("answer_lead", "courtesies"))
    free = vocabulary(language_of(spoken)).words["free"].at(tokens, start)
    if free is not None and _skip(tokens, free[1], spoken, ("courtesies",)) == len(tokens):
        return Amount(value=Decimal(0))
    written = _joined(tokenize(spread(" ".join(token.raw for token in tokens[start:]))), spoken)
    found = price_at(written, 0, spoken, currency)
    if found is None or _skip(written, found.after, spoken, ("each", "courtesies")) < len(written):
        return NotUnderstood(text=text.strip()[:100], why=ParseIssue.number)
    if not isinstance(found.value, Decimal):
        return found.value
    if isinstance(found.currency, Ambiguous):
        return found.currency
    return Amount(value=found.value, currency=found.currency)


def parse_quantity(text: str, locale: str) -> Quantity | Ambiguous | NotUnderstood:
    """A quantity such as ``3``, ``3x``, ``2.5 kg``, ``10 boxes``; never zero."""
    if len(text) > MAX_TEXT_LENGTH:
        return NotUnderstood(text=text[:100], why=ParseIssue.too_long)
    spoken = language_for(locale, text)
    tokens = tokenize(spoken_text(text, spoken))
    if not tokens:
        return NotUnderstood(text=text.strip()[:100], why=ParseIssue.empty)
    written = _joined(tokens, spoken)
    found = quantity_at(written, 0, spoken)
    if found is None or found.after < len(written):
        return NotUnderstood(text=text.strip()[:100], why=ParseIssue.number)
    if not isinstance(found.value, Decimal):
        return found.value
    if not found.value:
        return NotUnderstood(text=text.strip()[:100], why=ParseIssue.zero)
    return Quantity(value=found.value, unit=found.unit or "pcs")


def parse_date(text: str, locale: str, today: date) -> date | Ambiguous | NotUnderstood:
    """A day such as ``2026-12-01``, ``1 Dec``, ``Friday``, ``in 2 weeks``, ``until the end of May``, made absolute."""
    if len(text) > MAX_TEXT_LENGTH:
        return NotUnderstood(text=text[:100], why=ParseIssue.too_long)
    spoken = language_for(locale, text)
    tokens = tokenize(spoken_text(text, spoken))
    if not tokens:
        return NotUnderstood(text=text.strip()[:100], why=ParseIssue.empty)
    index = 0
    while index < len(tokens):
        found = date_at(tokens, index, spoken, today)
        if found is not None and _is_over(tokens, found[1], spoken):
            reading = found[0]
            if isinstance(reading, NotUnderstood):
                return NotUnderstood(text=text.strip()[:100], why=ParseIssue.date)
            return reading
        span = span_at(tokens, index, spoken)
        if span is not None and _is_over(tokens, span[2], spoken):
            return _after_span(text, span, today)
        after = _skip_one(tokens, index, spoken, ("answer_lead", "courtesies"))
        if after == index:
            break
        index = after
    return NotUnderstood(text=text.strip()[:100], why=ParseIssue.date)


def _after_span(text: str, span: tuple[int, str, int], today: date) -> date | NotUnderstood:
    day = day_after(today, span[0], span[1]) if days_of(span[0], span[1]) <= MAX_DAYS_AHEAD else None
    return day or NotUnderstood(text=text.strip()[:100], why=ParseIssue.date)


def _is_over(tokens: Sequence[Token], index: int, locale: Locale) -> bool:
    return _skip(tokens, index, locale, ("courtesies", "answer_tail")) == len(tokens)


def _skip(tokens: Sequence[Token], index: int, locale: Locale, kinds: Sequence[str]) -> int:
    """The position after all words of these kinds."""
    while (after := _skip_one(tokens, index, locale, kinds)) > index:
        index = after
    return index


def _skip_one(tokens: Sequence[Token], index: int, locale: Locale, kinds: Sequence[str]) -> int:
    words = vocabulary(language_of(locale)).words
    found = [each[1] for kind in kinds if kind in words and (each := words[kind].at(tokens, index))]
    if found:
        return max(found)
    return index + 1 if index < len(tokens) and tokens[index].raw in {",", ".", "!", ":", "-"} else index


def _joined(tokens: list[Token], locale: Locale) -> list[Token]:
    """Groups separated by spaces are one number when nothing else follows: ``1 200``."""
    if not tokens:
        return tokens
    hard = [Token(token.raw, token.word, hard_space=True) for token in tokens]
    text, after = joined_at(hard, 0, locale)
    return [Token(text, text), *tokens[after:]] if after > 1 else tokens
