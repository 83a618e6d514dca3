"""What an amount of a purchase is worth where a rule's limit is given, which is in the organisation's currency.

One rule: what was decided by a rate is measured by that rate, whatever the rate is later.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.rates import queries as rates
from core.uow import Uow


@dataclass(frozen=True)
class DecidedRate:
    """How an approval was converted: its own amount, and the same in the currency of limits."""

    amount: Decimal
    currency: str
    amount_base: Decimal
    base_currency: str
    on: dt.date


async def worth_of(uow: Uow, decided: DecidedRate, currency: str) -> Decimal:
    """What one unit of a currency is worth by it; a share of a split award in a third one takes the rate of its day."""
    if currency == decided.base_currency:
        return Decimal(1)
    if currency == decided.currency and decided.amount > 0:
        return decided.amount_base / decided.amount
    return await rates.rate(uow.connection, currency, decided.base_currency, decided.on)
