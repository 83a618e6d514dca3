"""Converts money at the stored rate of a day.

One rule: without a rate the conversion is refused, naming currency and day.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.db.connection import Connection
from core.kernel.money import Money
from core.people import directory
from core.rates import repo
from core.rates.errors import RatesMissing

MAX_RATE_AGE = dt.timedelta(days=31)
"""An older rate is not used: it would hide that rates are no longer loaded."""


@dataclass(frozen=True)
class ConvertedMoney:
    """Money in another currency, rounded to its precision, and the rate used."""

    money: Money
    rate: Decimal


async def convert(connection: Connection, money: Money, to: str, day: dt.date) -> ConvertedMoney:
    """Money in another currency at the newest rate on or before the day; raises RatesMissing."""
    factor = await rate(connection, money.currency, to, day)
    return ConvertedMoney(Money(money.amount * factor, to).rounded(), factor)


async def rate(connection: Connection, currency: str, to: str, day: dt.date) -> Decimal:
    """What one unit of a currency is worth in another; 1 for the same currency."""
    if currency == to:
        return Decimal(1)
    base = (await directory.read_organisation(connection)).base_currency
    return await _to_base(connection, currency, base, day) / await _to_base(connection, to, base, day)


async def _to_base(connection: Connection, currency: str, base: str, day: dt.date) -> Decimal:
    if currency == base:
        return Decimal(1)
    value = await repo.newest(connection, currency, day, MAX_RATE_AGE)
    if value is None:
        raise RatesMissing(currency=currency, day=day)
    return value
