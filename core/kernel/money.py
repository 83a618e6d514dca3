"""Money: exact amounts with a currency.

One rule: amounts are Decimal, and amounts of two currencies are never added.

A total is rounded half up to the currency's ISO 4217 precision; unit prices keep up to six decimals.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.core import Locale
from babel.numbers import get_currency_precision, list_currencies

MAX_AMOUNT = Decimal("999999999999.999999")


@cache
def known_currencies() -> frozenset[str]:
    """ISO 4217 codes of the currencies that have a name in the common locale data."""
    return frozenset(list_currencies(Locale("en")))


@cache
def precision(currency: str) -> Decimal:
    """The smallest step of a currency: 0.01 for EUR, 1 for JPY, 0.001 for KWD."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount rounded half up to its currency's precision."""
    return amount.quantize(precision(currency), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Money:
    """An amount and its currency."""

    amount: Decimal
    currency: str

    def __add__(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount + other.amount, self.currency)

    def rounded(self) -> "Money":
        return Money(rounded(self.amount, self.currency), self.currency)
