"""Converts the totals of an RFQ's quotes to one currency so that they can be compared."""

import datetime as dt

from core.awards.model import ConvertedQuote
from core.kernel.money import Money
from core.quotes import repo as quotes
from core.quotes.model import Quote
from core.rates.queries import convert
from core.rfqs.model import Rfq
from core.uow import Uow


async def converted_quotes(uow: Uow, rfq: Rfq) -> list[ConvertedQuote]:
    """All quotes with their totals in the request's currency, at the rate of the day the RFQ closed."""
    day = (rfq.closed_at or uow.now).date()
    return [await convert_quote(uow, quote, rfq.currency, day) for quote in await quotes.of_rfq(uow, rfq.id)]


async def convert_quote(uow: Uow, quote: Quote, currency: str, day: dt.date) -> ConvertedQuote:
    """One quote in another currency; raises RatesMissing, which names currency and day."""
    total = await convert(uow.connection, Money(quote.total, quote.currency), currency, day)
    shipping = await convert(uow.connection, Money(quote.shipping, quote.currency), currency, day)
    return ConvertedQuote(quote, total.money.amount, shipping.money.amount, total.rate)
