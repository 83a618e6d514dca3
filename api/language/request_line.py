"""The request line: ``3x laptop Dell 5440 @1200 needed 2026-12-01 for IT``.

    request  = segment ((newline | ";") segment)*
    segment  = [qty [x | unit]] item ["x" qty | qty unit] ["@" price [currency] ["each"]] clause*
    clause   = needed|by DATE | for COST CENTRE | for|on behalf of PERSON | in CURRENCY | from VENDOR | to PLACE
             | note: ... | #tag

One rule: what is not understood is quoted back in ``unread``; only courtesies are dropped, and nothing is
guessed.

Clauses may have any order, on any line, and apply to the whole request.
"""

import re
from collections.abc import Collection
from datetime import date

from api.language.language_tags import locale_for
from api.language.reading_builder import ReadingBuilder
from api.language.readings import LineReading, ParseIssue, RequestReading, TextRefusal
from api.language.request_clauses import Segment
from api.language.request_segment import RequestReader
from api.language.tokenizer import MAX_TEXT_LENGTH, clean, segments, tokenize


def parse_request(
    text: str,
    *,
    locale: str,
    today: date,
    currency: str | None,
    cost_centres: Collection[str] = (),
    people: Collection[str] | None = None,
) -> RequestReading:
    """Read a whole request. ``currency`` applies where none is written.

    With ``cost_centres`` known, ``for`` begins a cost centre only before one of them; elsewhere it is a word
    of the item. The same holds before the name of one of ``people``; what follows "on behalf of" and is none of
    their names is in ``unread`` too, for it may belong to the item.
    """
    if len(text) > MAX_TEXT_LENGTH:
        return RequestReading(
            refused=TextRefusal(why=ParseIssue.too_long, length=len(text), limit=MAX_TEXT_LENGTH)
        )
    builder = ReadingBuilder()
    reader = RequestReader(
        builder=builder,
        locale=locale_for(locale),
        today=today,
        currency=currency,
        cost_centres=frozenset(code.casefold() for code in cost_centres),
        people=people,
    )
    lines: list[LineReading] = []
    for part in segments(clean(text)):
        builder.new_segment()
        segment = reader.read(tokenize(_without_bullet(part)), line=len(lines) + 1)
        if segment.is_line():
            lines.append(_line(segment))
    return _reading(builder, tuple(lines), reader, currency)


def _without_bullet(segment: str) -> str:
    """``- 3x laptop`` and ``• 3x laptop`` have bullets, ``-3`` is a negative number."""
    return re.sub(r"^(?:[-–•*·]\s+)+", "", segment)


def _line(segment: Segment) -> LineReading:
    return LineReading(
        description=segment.description,
        quantity=segment.quantity,
        unit=segment.unit or "pcs",
        unit_price=segment.unit_price,
    )


def _reading(
    builder: ReadingBuilder, lines: tuple[LineReading, ...], reader: RequestReader, currency: str | None
) -> RequestReading:
    values = builder.values
    currency_code = values.get("currency", None if builder.is_asked("currency") else currency)
    return RequestReading(
        lines=lines,
        currency=str(currency_code) if currency_code else None,
        needed_by=_date(values.get("needed_by")),
        cost_centre=_text(values.get("cost_centre")),
        on_behalf_of=_text(values.get("on_behalf_of")),
        vendor=_text(values.get("vendor")),
        place=_text(values.get("place")),
        note=" ".join(reader.notes) or None,
        tags=tuple(dict.fromkeys(reader.tags)),
        unread=tuple(builder.unread),
        missing=tuple(_missing(builder, lines)),
        ambiguous=tuple(builder.ambiguous),
    )


def _missing(builder: ReadingBuilder, lines: tuple[LineReading, ...]) -> list[str]:
    """What must be asked for, in the order in which a person is asked; ambiguous fields are not missing."""
    asked = {question.line for question in builder.ambiguous if question.field == "quantity"}
    found = []
    if not lines or any(not line.description for line in lines):
        found.append("item")
    if not lines or any(
        line.quantity is None and number not in asked for number, line in enumerate(lines, start=1)
    ):
        found.append("quantity")
    found += [
        name
        for name in ("needed_by", "cost_centre")
        if name not in builder.values and not builder.is_asked(name)
    ]
    return found


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _date(value: object) -> date | None:
    return value if isinstance(value, date) else None
