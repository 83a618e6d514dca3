"""The quote line: ``1: 1180 10d; 2: 45 3d; 3: no``, ``450 x 10, 5 days, till 30 June``.

    quote    = segment ((newline | ";") segment)*
    segment  = [LINE ":"] (answer | part)*
    answer   = PRICE [currency] ["x" QTY] | no | skip | same
    part     = LEAD (``10d``, ``2 weeks``) | till DATE | valid SPAN | shipping PRICE | in CURRENCY | note: ...

One rule: a price belongs to the line that is named, to the line that was asked about, or to the only line.

Otherwise the vendor is asked which line. A part next to an answer belongs to that line; alone it belongs to
the whole quote.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from api.language.language_tags import locale_for
from api.language.quote_segment import QuoteReader, QuoteSegment
from api.language.quote_vocabulary import LINE_WORDS
from api.language.reading_builder import ReadingBuilder
from api.language.readings import (
    Ambiguous,
    ParseIssue,
    QuoteAnswer,
    QuoteLineReading,
    QuoteReading,
    TextRefusal,
)
from api.language.tokenizer import MAX_TEXT_LENGTH, clean, segments

_NEXT_LINE = re.compile(r",[ \t]*(?=\d{1,4}[:)])")
MAX_READINGS = 20


def parse_quote(
    text: str,
    *,
    locale: str,
    today: date,
    lines: int,
    quantities: Sequence[Decimal] = (),
    currency: str | None = None,
    line: int | None = None,
    previous: QuoteLineReading | None = None,
) -> QuoteReading:
    """Read a whole quote, or the answer to ``line`` when one line is asked about.

    ``lines`` is how many lines the RFQ has, ``quantities`` how much of each it asks for (they distinguish
    price from quantity in ``450 x 10``), ``previous`` what ``same`` repeats.
    """
    if len(text) > MAX_TEXT_LENGTH:
        return QuoteReading(
            refused=TextRefusal(why=ParseIssue.too_long, length=len(text), limit=MAX_TEXT_LENGTH)
        )
    builder = ReadingBuilder()
    reader = QuoteReader(
        builder=builder,
        locale=locale_for(locale),
        today=today,
        currency=currency,
        quantities=tuple(quantities),
        previous=previous,
    )
    asked = line if line is not None else 1 if lines == 1 else None
    answers: dict[int, QuoteLineReading] = {}
    for part in segments(_NEXT_LINE.sub("\n", clean(text))):
        builder.new_segment()
        _read_segment(part, reader, lines, asked, answers)
    return _reading(builder, reader, answers, (lines, line, currency))


def _read_segment(
    part: str, reader: QuoteReader, lines: int, asked: int | None, answers: dict[int, QuoteLineReading]
) -> None:
    """Add one segment to the answers, or to the quote's own fields when it answers no line."""
    prefix = LINE_WORDS.match(part)
    number = int(prefix.group(1)) if prefix and prefix.end() < len(part) else None
    if number is not None and not 1 <= number <= lines:
        reader.builder.unread.append(part[:80])
        return
    target = number if number is not None else asked
    body = part[prefix.end() :] if prefix and number is not None else part
    segment = reader.read(body, target)
    if not segment.answers():
        _general(segment, reader.builder, answers, number)
        return
    if target is None:
        readings = tuple(str(each) for each in range(1, min(lines, MAX_READINGS) + 1))
        reader.builder.add_question(Ambiguous(text=part, readings=readings, field="line"))
        return
    _answer(segment, target, reader.builder, answers)
    if lines == 1 and segment.lead_time_days is not None:
        reader.builder.set_value("lead_time_days", segment.lead_time_days, part)


def _answer(
    segment: QuoteSegment, target: int, builder: ReadingBuilder, answers: dict[int, QuoteLineReading]
) -> None:
    reading = segment.reading(target)
    before = answers.setdefault(target, reading)
    if _named(before) != _named(reading):
        both = (_named(before), _named(reading))
        builder.add_question(Ambiguous(text=str(target), readings=both, field="unit_price", line=target))
        answers[target] = before.model_copy(update={"answer": QuoteAnswer.price, "unit_price": None})
        return
    days = [each.lead_time_days for each in (before, reading) if each.lead_time_days is not None]
    if len(set(days)) > 1:
        both = (str(days[0]), str(days[1]))
        builder.add_question(Ambiguous(text=str(target), readings=both, field="lead_time_days", line=target))
    asked = builder.is_asked("lead_time_days", target)
    answers[target] = before.model_copy(update={"lead_time_days": days[0] if days and not asked else None})


def _named(reading: QuoteLineReading) -> str:
    return f"{reading.unit_price:f}" if reading.unit_price is not None else reading.answer.value


def _general(
    segment: QuoteSegment, builder: ReadingBuilder, answers: dict[int, QuoteLineReading], number: int | None
) -> None:
    """A lead time without a price: the named line's, else the whole quote's."""
    if segment.lead_time_days is None:
        return
    if number is None:
        builder.set_value("lead_time_days", segment.lead_time_days, str(segment.lead_time_days))
    elif number in answers:
        answers[number] = answers[number].model_copy(update={"lead_time_days": segment.lead_time_days})
    else:
        builder.unread.append(f"{number}: {segment.lead_time_days}")


def _reading(
    builder: ReadingBuilder,
    reader: QuoteReader,
    answers: dict[int, QuoteLineReading],
    asked: tuple[int, int | None, str | None],
) -> QuoteReading:
    lines, line, currency = asked
    values = builder.values
    lead, shipping, valid = (values.get(name) for name in ("lead_time_days", "shipping", "valid_until"))
    currency_code = values.get("currency", None if builder.is_asked("currency") else currency)
    ordered = tuple(answers[number] for number in sorted(answers))
    return QuoteReading(
        lines=ordered,
        currency=str(currency_code) if currency_code else None,
        lead_time_days=lead if isinstance(lead, int) else None,
        valid_until=valid if isinstance(valid, date) else None,
        shipping=shipping if isinstance(shipping, Decimal) else None,
        note=" ".join(reader.notes) or None,
        unread=tuple(builder.unread),
        missing=tuple(_missing(builder, ordered, lines, line)),
        ambiguous=tuple(builder.ambiguous),
    )


def _missing(
    builder: ReadingBuilder, answers: tuple[QuoteLineReading, ...], lines: int, line: int | None
) -> list[str]:
    """``line:2`` for a line without an answer; lead time and validity of a whole quote that has a price."""
    wanted = range(1, lines + 1) if line is None else (line,)
    answered = {answer.line for answer in answers} | {question.line for question in builder.ambiguous}
    if builder.is_asked("line"):
        return []
    found = [f"line:{number}" for number in wanted if number not in answered]
    priced = [answer for answer in answers if answer.answer is QuoteAnswer.price]
    if line is not None or not priced:
        return found
    late = [
        each
        for each in priced
        if each.lead_time_days is None and not builder.is_asked("lead_time_days", each.line)
    ]
    if late and not _known(builder, "lead_time_days"):
        found.append("lead_time_days")
    return found if _known(builder, "valid_until") else [*found, "valid_until"]


def _known(builder: ReadingBuilder, name: str) -> bool:
    return name in builder.values or builder.is_asked(name)
