"""What a vendor would supply in place of a line, typed beside its price or instead of it.

    1: 1180 10d alt: ThinkPad E14, 990, 7d        line 1 as it was asked for, and another laptop for less
    2: alternative Dell 5450 990 7d               nothing for line 2 as it was asked for

One rule: an alternative is read only where its price is certain; what stands before it is read as ever.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import ValidationError

from api.contract.quotes import AlternativeIn
from api.language import QuoteAnswer, QuoteReading, parse_quote
from bots.forms.field_parsers import ambiguous
from bots.forms.form import FormContext, Rejected
from bots.forms.quote_values import QuoteValues, read_quote

EXAMPLE = "alt: Dell Latitude 5450, 990, 7d"
_WORDS = "alt|alternative?s?|alternativas?|альтернатив[аыу]|аналог|بديل|البديل"
_MARK = re.compile(rf"(?:(?<=\s)|^)(?:{_WORDS})\s*:\s*", re.IGNORECASE)
"""Anywhere in a line of the message, with a colon; without one it may be a word of a note."""
_FIRST_MARK = re.compile(rf"^(?P<head>\s*(?:\d{{1,3}}\s*[:.)]\s*)?)(?:{_WORDS})\s+", re.IGNORECASE)
"""At the beginning of a line, behind the number of what was asked at most."""
_NUMBER = re.compile(r"^\s*(\d{1,3})\s*[:.)]")
_SEPARATOR = re.compile(r"\s*[;|@]\s*|[,،]\s+|\s+[-–—]\s+")
_NEXT = re.compile(r"\n|;(?=\s*\d{1,3}\s*[:.)])")
"""Where the answer to another line begins."""
_NO_CURRENCY = "XXX"


@dataclass(frozen=True)
class SaidAlternative:
    """What was said beside or instead of a line; ``head`` is what stands before it in the same line of the message."""

    words: str
    head: str
    line: int | None


def split_alternatives(
    text: str, values: QuoteValues, ctx: FormContext
) -> tuple[str, tuple[SaidAlternative, ...]]:
    """The message without its alternatives, and these; the number of a line also counts for the lines below it."""
    kept: list[str] = []
    found: list[SaidAlternative] = []
    number: int | None = None
    for line in _NEXT.split(text):
        numbered = _NUMBER.match(line)
        number = int(numbered[1]) if numbered else number
        head, words = _marked(line, values, ctx)
        if words:
            found.append(SaidAlternative(words, head, number))
        kept.append("" if _NUMBER.fullmatch(head) else head)
    return ("\n".join(kept) if found else text), tuple(found)


def _marked(line: str, values: QuoteValues, ctx: FormContext) -> tuple[str, str]:
    """What stands before the mark and behind it; without a colon it is a mark only before what can be read."""
    marked = _MARK.search(line)
    if marked is not None:
        return line[: marked.start()].strip(), line[marked.end() :].strip()
    first = _FIRST_MARK.match(line)
    if first is not None and isinstance(_read(line[first.end() :], values, ctx), AlternativeIn):
        return first["head"].strip(), line[first.end() :].strip()
    return line, ""


def with_alternatives(
    values: QuoteValues, said: Sequence[SaidAlternative], ctx: FormContext, asked: int | None = None
) -> QuoteValues | Rejected:
    """The values with what was said; a line without an answer is then answered by its alternative alone."""
    for each in said:
        number = _line_of(each, values, ctx, asked)
        if number is None:
            return Rejected(ctx.translate("forms.quote.alternative_line", example=f"1: {EXAMPLE}"))
        read = _read(each.words, values, ctx)
        if isinstance(read, Rejected):
            return read
        values = values.with_alternative(number, read)
    return values


def _line_of(said: SaidAlternative, values: QuoteValues, ctx: FormContext, asked: int | None) -> int | None:
    """The line that is named, or priced just before, or asked, or the only one."""
    if said.line is not None:
        return said.line if 1 <= said.line <= len(values.lines) else None
    before = read_quote(said.head, values, ctx, asked).lines if said.head else ()
    if len(before) == 1:
        return before[0].line
    return asked or (1 if len(values.lines) == 1 else None)


def _read(words: str, values: QuoteValues, ctx: FormContext) -> AlternativeIn | Rejected:
    """Words, price and days of one alternative; Rejected says how to write it."""
    unread = Rejected(ctx.translate("forms.quote.alternative_unread", words=words[:80], example=EXAMPLE))
    found = _by_separators(words, ctx) or _by_words(words, ctx)
    if found is None:
        return unread
    description, reading = found
    if reading.ambiguous:
        return ambiguous(reading.ambiguous[0], ctx)
    if reading.currency not in (_NO_CURRENCY, values.currency):
        return Rejected(ctx.translate("forms.quote.one_currency", currency=values.currency))
    terms = reading.lines[0]
    try:
        return AlternativeIn.model_validate(
            {
                "description": description,
                "unit_price": terms.unit_price,
                "lead_time_days": terms.lead_time_days,
                "note": reading.note or "",
            }
        )
    except ValidationError:
        return unread


def _by_separators(words: str, ctx: FormContext) -> tuple[str, QuoteReading] | None:
    """Words and terms apart at the last comma or dash behind which everything is a price with its terms."""
    for mark in reversed(list(_SEPARATOR.finditer(words))):
        reading = _terms(words[mark.end() :], ctx)
        if mark.start() and reading is not None:
            return words[: mark.start()], reading
    return None


def _by_words(words: str, ctx: FormContext) -> tuple[str, QuoteReading] | None:
    """The same without a mark between them, if only one price can be read."""
    parts = words.split()
    read = [(at, _terms(" ".join(parts[at:]), ctx)) for at in range(len(parts) - 1, 0, -1)]
    found = [(at, reading) for at, reading in read if reading is not None]
    if not found or len({_price_of(reading) for _, reading in found}) > 1:
        return None
    at, reading = found[0]
    while at > 1 and _is_currency(parts[at - 1], ctx):
        at -= 1
        reading = _terms(" ".join(parts[at:]), ctx) or reading
    return " ".join(parts[:at]), reading


def _terms(text: str, ctx: FormContext) -> QuoteReading | None:
    """A price with its terms, if the text is nothing else; one that may be two prices is told by the reading."""
    reading = parse_quote(text, locale=ctx.locale, today=ctx.today, lines=1, currency=_NO_CURRENCY, line=1)
    if reading.unread or reading.refused or not reading.lines:
        return None
    priced = reading.lines[0].answer is QuoteAnswer.price and reading.lines[0].unit_price is not None
    return reading if priced or reading.ambiguous else None


def _price_of(reading: QuoteReading) -> Decimal | None:
    return reading.lines[0].unit_price


def _is_currency(word: str, ctx: FormContext) -> bool:
    reading = _terms(f"{word} 1", ctx)
    return reading is not None and reading.currency not in (None, _NO_CURRENCY)
