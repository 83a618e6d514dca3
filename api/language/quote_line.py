"""The quote line: ``1: 1180 10d; 2: 45 3d; 3: no``, ``450 x 10, 5 days, till 30 June``.

    quote    = part ((newline | ";") part)*
    part     = [LINE ":"] (answer | decline | (price | fact)*)
    answer   = no | skip | same
    fact     = label and value: lead time, validity, shipping, payment, warranty, minimum order, stock, VAT

One rule: a price belongs to the line that is named, to the line that was asked about, or to the only line.

Otherwise the vendor is asked which line. A part next to an answer belongs to that line; alone it belongs to
the whole quote.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from babel.core import Locale

from api.language.amounts import currency_named
from api.language.language_tags import language_for
from api.language.quote_amounts import with_plain_amounts
from api.language.quote_builder import QuoteBuilder
from api.language.quote_naming import with_units_asked
from api.language.quote_parts import parts_of
from api.language.quote_segment import SegmentReader
from api.language.quote_tiers import without_tiers
from api.language.readings import ParseIssue, QuoteLineReading, QuoteReading, TextRefusal
from api.language.tokenizer import MAX_TEXT_LENGTH, clean, tokenize

SIGNS = "$€£₺₴₽₹"


def parse_quote(
    text: str,
    *,
    locale: str,
    today: date,
    lines: int,
    quantities: Sequence[Decimal] = (),
    items: Sequence[str] = (),
    currency: str | None = None,
    line: int | None = None,
    previous: QuoteLineReading | None = None,
) -> QuoteReading:
    """Read a whole quote, or the answer to ``line`` when one line is asked about.

    ``lines`` is how many lines the RFQ has, ``quantities`` how much of each it asks for and ``items`` what (they
    distinguish price from quantity in ``450 x 10``, and lines by their names), ``previous`` what ``same`` repeats.
    """
    if len(text) > MAX_TEXT_LENGTH:
        return QuoteReading(
            refused=TextRefusal(why=ParseIssue.too_long, length=len(text), limit=MAX_TEXT_LENGTH)
        )
    spoken = language_for(locale, text)
    written = with_plain_amounts(clean(text), spoken)
    tiered = without_tiers(written, quantities[0], spoken) if lines == 1 and quantities else None
    builder = QuoteBuilder(lines=lines, asked=line, currency=currency)
    reader = SegmentReader(
        locale=spoken,
        today=today,
        currency=currency,
        quantities=tuple(quantities),
        items=tuple(items),
        counted_items=with_units_asked(written, items, quantities),
        valued=_names_currency(written, spoken),
        previous=previous,
        builder=builder,
        source=tiered.source if tiered is not None else None,
        in_words=written != clean(text),
        said=clean(text),
    )
    written = tiered.text if tiered is not None else written
    for part in parts_of(written, lines=lines, asked=line, items=items, locale=spoken):
        reader.read(part)
    return builder.reading()


def _names_currency(text: str, locale: Locale) -> bool:
    """Whether a currency is named anywhere, at a number or alone."""
    tokens = tokenize(text)
    alone = (currency_named(tokens, at, locale, None) for at in range(len(tokens)))
    return any(sign in text for sign in SIGNS) or any(each is not None for each in alone)
