"""Converts the totals of an RFQ's quotes to one currency so that they can be compared."""

import datetime as dt
from collections.abc import Sequence

from core.awards import policy
from core.awards.model import ConvertedQuote
from core.quotes.model import Quote
from core.rates.queries import rate
from core.rfqs.model import Rfq
from core.uow import Uow


async def converted_quotes(uow: Uow, rfq: Rfq, answers: Sequence[Quote]) -> list[ConvertedQuote]:
    """These quotes with their totals in the request's currency, at the rate of the day the RFQ closed."""
    day = policy.rate_day(rfq, uow.now)
    return [await convert_quote(uow, quote, rfq.currency, day) for quote in answers]


async def convert_quote(uow: Uow, quote: Quote, currency: str, day: dt.date) -> ConvertedQuote:
    """One quote in another currency; raises RatesMissing, which names currency and day."""
    return policy.converted_at(quote, currency, await rate(uow.connection, quote.currency, currency, day))
