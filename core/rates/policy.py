"""Pure rules of exchange rates: from one currency to another over the organisation's own.

One rule: without a rate the conversion is refused, naming currency and day.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.kernel.money import WIDE, Money
from core.rates.errors import RatesMissing

MAX_RATE_AGE = dt.timedelta(days=31)
"""An older rate is not used: it would hide that rates are no longer loaded."""


@dataclass(frozen=True)
class ConvertedMoney:
    """Money in another currency, rounded to its precision, and the rate used."""

    money: Money
    rate: Decimal


def currencies_needed(currency: str, to: str, base: str) -> tuple[str, ...]:
    """The currencies whose rates in the base currency a conversion needs, in the order it needs them."""
    return () if currency == to else tuple(each for each in (currency, to) if each != base)


def cross_rate(currency: str, to: str, base: str, rates: Mapping[str, Decimal], day: dt.date) -> Decimal:
    """What one unit of a currency is worth in another; ``rates`` are in the base currency."""
    if currency == to:
        return Decimal(1)
    for each in currencies_needed(currency, to, base):
        if each not in rates:
            raise RatesMissing(currency=each, day=day)
    one = Decimal(1)
    return (one if currency == base else rates[currency]) / (one if to == base else rates[to])


def at_rate(money: Money, to: str, rate: Decimal) -> ConvertedMoney:
    return ConvertedMoney(Money(WIDE.multiply(money.amount, rate), to).rounded(), rate)
