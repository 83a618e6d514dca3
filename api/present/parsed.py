"""Free texts read by the grammars: reading to wire; nothing is stored."""

import datetime as dt
from collections.abc import Sequence

from api.contract.requests import AmbiguousOut, ParsedOut
from api.language import parse_quote, parse_request
from api.language.readings import Ambiguous
from api.text import locale_of
from core.kernel.errors import invalid
from core.log.events import as_json


def request_line(text: str, locale: str, today: dt.date) -> ParsedOut:
    """What ``/request`` would understand."""
    reading = parse_request(text, locale=locale_of(locale), today=today, currency=None)
    if reading.refused:
        raise invalid("/text", "text.refused", str(reading.refused), "3x laptop @1200 needed 1 Dec for IT")
    understood = reading.model_dump(exclude={"unread", "missing", "ambiguous", "refused"}, exclude_none=True)
    return _parsed(understood, reading.unread, reading.missing, reading.ambiguous)


def quote_line(text: str, locale: str, today: dt.date) -> ParsedOut:
    """What a vendor's reply would mean for an RFQ of any length."""
    reading = parse_quote(text, locale=locale_of(locale), today=today, lines=200)
    if reading.refused:
        raise invalid("/text", "text.refused", str(reading.refused), "1: 1180 10d; 2: 45 3d; 3: no")
    understood = reading.model_dump(exclude={"unread", "missing", "ambiguous", "refused"}, exclude_none=True)
    return _parsed(understood, reading.unread, reading.missing, reading.ambiguous)


def _parsed(
    understood: dict[str, object],
    unread: Sequence[str],
    missing: Sequence[str],
    ambiguous: Sequence[Ambiguous],
) -> ParsedOut:
    plain = as_json(understood)
    return ParsedOut(
        understood=plain if isinstance(plain, dict) else {},
        unread=tuple(unread),
        missing=tuple(missing),
        ambiguous=tuple(
            AmbiguousOut(field=item.field, text=item.text, readings=tuple(item.readings))
            for item in ambiguous
        ),
    )
