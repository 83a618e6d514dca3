"""The quote line: ``1: 1180 10d; 2: 45 3d; 3: no``, ``450 x 10, 5 days, till 30 June``.

    quote    = segment ((newline | ";") segment)*
    segment  = [LINE ":"] (answer | part)*
    answer   = PRICE [currency] ["x" QTY] | no | skip | same
    part     = LEAD (``10d``, ``2 weeks``) | till DATE | valid SPAN | shipping PRICE | in CURRENCY | note: ...

One rule: a price belongs to a line that was named, to the line that was asked, or to the only line; else
the line is asked. A part beside an answer belongs to that line, alone it belongs to the whole quote.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from api.language.draft import Draft
from api.language.locales import locale_for
from api.language.quote_segment import QuoteReader, QuoteSegment
from api.language.quote_words import LINE_WORDS
from api.language.readings import Ambiguous, Answer, QuoteLineReading, QuoteReading, Refusal, Why
from api.language.tokens import LIMIT, clean, segments

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
    """Read a whole quote, or the answer to ``line`` when one is asked.

    ``lines`` is how many the RFQ has, ``quantities`` how much of each it asks for (they tell price from
    quantity in ``450 x 10``), ``previous`` what ``same`` repeats.
    """
    if len(text) > LIMIT:
        return QuoteReading(refused=Refusal(why=Why.too_long, length=len(text), limit=LIMIT))
    draft = Draft()
    reader = QuoteReader(
        draft=draft,
        locale=locale_for(locale),
        today=today,
        currency=currency,
        quantities=tuple(quantities),
        previous=previous,
    )
    asked = line if line is not None else 1 if lines == 1 else None
    answers: dict[int, QuoteLineReading] = {}
    for part in segments(_NEXT_LINE.sub("\n", clean(text))):
        draft.new_segment()
        _read_segment(part, reader, lines, asked, answers)
    return _reading(draft, reader, answers, (lines, line, currency))


def _read_segment(
    part: str, reader: QuoteReader, lines: int, asked: int | None, answers: dict[int, QuoteLineReading]
) -> None:
    """One segment into the answers, or into the quote's own fields when it answers no line."""
    prefix = LINE_WORDS.match(part)
    number = int(prefix.group(1)) if prefix and prefix.end() < len(part) else None
    if number is not None and not 1 <= number <= lines:
        reader.draft.unread.append(part[:80])
        return
    target = number if number is not None else asked
    body = part[prefix.end() :] if prefix and number is not None else part
    segment = reader.read(body, target)
    if not segment.answers():
        _general(segment, reader.draft, answers, number)
        return
    if target is None:
        readings = tuple(str(each) for each in range(1, min(lines, MAX_READINGS) + 1))
        reader.draft.ask(Ambiguous(text=part, readings=readings, field="line"))
        return
    _answer(segment, target, reader.draft, answers)
    if lines == 1 and segment.lead_time_days is not None:
        reader.draft.put("lead_time_days", segment.lead_time_days, part)


def _answer(segment: QuoteSegment, target: int, draft: Draft, answers: dict[int, QuoteLineReading]) -> None:
    reading = segment.reading(target)
    before = answers.setdefault(target, reading)
    if _named(before) != _named(reading):
        both = (_named(before), _named(reading))
        draft.ask(Ambiguous(text=str(target), readings=both, field="unit_price", line=target))
        answers[target] = before.model_copy(update={"answer": Answer.price, "unit_price": None})
        return
    days = [each.lead_time_days for each in (before, reading) if each.lead_time_days is not None]
    if len(set(days)) > 1:
        both = (str(days[0]), str(days[1]))
        draft.ask(Ambiguous(text=str(target), readings=both, field="lead_time_days", line=target))
    asked = draft.is_asked("lead_time_days", target)
    answers[target] = before.model_copy(update={"lead_time_days": days[0] if days and not asked else None})


def _named(reading: QuoteLineReading) -> str:
    return f"{reading.unit_price:f}" if reading.unit_price is not None else reading.answer.value


def _general(
    segment: QuoteSegment, draft: Draft, answers: dict[int, QuoteLineReading], number: int | None
) -> None:
    """A lead time without a price: the named line's, else the whole quote's."""
    if segment.lead_time_days is None:
        return
    if number is None:
        draft.put("lead_time_days", segment.lead_time_days, str(segment.lead_time_days))
    elif number in answers:
        answers[number] = answers[number].model_copy(update={"lead_time_days": segment.lead_time_days})
    else:
        draft.unread.append(f"{number}: {segment.lead_time_days}")


def _reading(
    draft: Draft,
    reader: QuoteReader,
    answers: dict[int, QuoteLineReading],
    asked: tuple[int, int | None, str | None],
) -> QuoteReading:
    lines, line, currency = asked
    values = draft.values
    lead, shipping, valid = (values.get(name) for name in ("lead_time_days", "shipping", "valid_until"))
    said = values.get("currency", None if draft.is_asked("currency") else currency)
    ordered = tuple(answers[number] for number in sorted(answers))
    return QuoteReading(
        lines=ordered,
        currency=str(said) if said else None,
        lead_time_days=lead if isinstance(lead, int) else None,
        valid_until=valid if isinstance(valid, date) else None,
        shipping=shipping if isinstance(shipping, Decimal) else None,
        note=" ".join(reader.notes) or None,
        unread=tuple(draft.unread),
        missing=tuple(_missing(draft, ordered, lines, line)),
        ambiguous=tuple(draft.ambiguous),
    )


def _missing(draft: Draft, answers: tuple[QuoteLineReading, ...], lines: int, line: int | None) -> list[str]:
    """``line:2`` for a line without an answer; lead time and validity of a whole quote with a price."""
    wanted = range(1, lines + 1) if line is None else (line,)
    answered = {answer.line for answer in answers} | {question.line for question in draft.ambiguous}
    if draft.is_asked("line"):
        return []
    found = [f"line:{number}" for number in wanted if number not in answered]
    priced = [answer for answer in answers if answer.answer is Answer.price]
    if line is not None or not priced:
        return found
    late = [
        each
        for each in priced
        if each.lead_time_days is None and not draft.is_asked("lead_time_days", each.line)
    ]
    if late and not _known(draft, "lead_time_days"):
        found.append("lead_time_days")
    return found if _known(draft, "valid_until") else [*found, "valid_until"]


def _known(draft: Draft, name: str) -> bool:
    return name in draft.values or draft.is_asked(name)
