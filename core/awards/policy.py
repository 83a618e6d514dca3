"""Pure rules of awards: which quotes may win, and which one wins."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from core.awards.model import ConvertedQuote
from core.quotes.states import QuoteState


def may_win(converted: ConvertedQuote, today: dt.date) -> bool:
    """Live, complete and still valid."""
    quote = converted.quote
    return quote.state is QuoteState.submitted and quote.complete and quote.valid_until >= today


def best_quote(quotes: Iterable[ConvertedQuote], today: dt.date) -> ConvertedQuote | None:
    """The lowest total in the request's currency, then the shortest lead time, then the earliest."""
    return min(
        (quote for quote in quotes if may_win(quote, today)),
        key=lambda item: (item.total, item.quote.slowest_days, item.quote.submitted_at, item.quote.id),
        default=None,
    )


def best_prices(quotes: Iterable[ConvertedQuote], currency: str) -> Mapping[UUID, Decimal]:
    """The lowest unit price per line, in the request's currency."""
    lowest: dict[UUID, Decimal] = {}
    for item in quotes:
        for line in item.quote.lines:
            if line.unit_price is None:
                continue
            price = line.unit_price * item.rate
            if line.rfq_line_id not in lowest or price < lowest[line.rfq_line_id]:
                lowest[line.rfq_line_id] = price
    return lowest
