"""Reads stored rates, and converts money at the rate of a day.

One rule: without a rate the conversion is refused, naming currency and day.
"""

import datetime as dt
from decimal import Decimal

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.db.connection import Connection
from core.kernel.money import Money
from core.kernel.pagination import Page
from core.people import directory
from core.rates import policy, repo
from core.rates.model import RateFilter, StoredRate
from core.rates.policy import MAX_RATE_AGE, ConvertedMoney
from core.uow import Uow


async def convert(connection: Connection, money: Money, to: str, day: dt.date) -> ConvertedMoney:
    """Money in another currency at the newest rate on or before the day; raises RatesMissing."""
    return policy.at_rate(money, to, await rate(connection, money.currency, to, day))


async def rate(connection: Connection, currency: str, to: str, day: dt.date) -> Decimal:
    """What one unit of a currency is worth in another; 1 for the same currency."""
    if currency == to:
        return Decimal(1)
    base = (await directory.read_organisation(connection)).base_currency
    rates: dict[str, Decimal] = {}
    for each in policy.currencies_needed(currency, to, base):
        value = await repo.newest(connection, each, day, MAX_RATE_AGE)
        if value is not None:
            rates[each] = value
    return policy.cross_rate(currency, to, base, rates, day)


@requires(Permission.rates_read)
async def list_rates(uow: Uow, actor: Actor, wanted: RateFilter) -> Page[StoredRate]:
    """Stored rates, newest day first."""
    return Page(tuple(await repo.page(uow.connection, wanted)), None)
