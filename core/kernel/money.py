"""Money: exact amounts with a currency.

One rule: amounts are Decimal, and amounts of two currencies are never added.

One rule of rounding, for forms, API, core and cards: quantities and unit prices are kept as they were written, with
up to six decimals; every line is rounded half up to the currency's ISO 4217 precision; a total is the sum of rounded
lines. So three lines at 0.335 USD come to 1.02 USD, and that is what a person confirms and what is stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from functools import cache

from babel.core import get_global
from babel.numbers import get_currency_precision, get_territory_currencies

MAX_AMOUNT = Decimal("999999999999.999999")
WIDE = Context(prec=80)
"""Exact for a product of any amount, quantity and rate that can be stored; the usual 28 digits are not."""


@cache
def currencies_in_use() -> frozenset[str]:
    """ISO 4217 codes that are legal tender somewhere today: no test code, metal, fund or former currency."""
    return frozenset(
        code
        for territory in get_global("territory_currencies")
        for code in get_territory_currencies(territory, tender=True)
    )


@cache
def decimals_of(currency: str) -> int:
    """How many decimals amounts of a currency have: 2 for EUR, 0 for JPY, 3 for KWD."""
    return int(get_currency_precision(currency))


@cache
def precision(currency: str) -> Decimal:
    """The smallest step of a currency: 0.01 for EUR, 1 for JPY, 0.001 for KWD."""
    return Decimal(1).scaleb(-decimals_of(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount rounded half up to its currency's precision."""
    return amount.quantize(precision(currency), rounding=ROUND_HALF_UP, context=WIDE)


def line_total(quantity: Decimal, unit_price: Decimal, currency: str) -> Decimal:
    """What one line costs, rounded."""
    return rounded(WIDE.multiply(quantity, unit_price), currency)


def total_of(
    lines: Iterable[tuple[Decimal, Decimal]], currency: str, shipping: Decimal = Decimal(0)
) -> Decimal:
    """What lines of (quantity, unit price) and the shipping cost together: the sum of what was rounded."""
    total = rounded(shipping, currency)
    for quantity, price in lines:
        total = WIDE.add(total, line_total(quantity, price, currency))
    return total


def most_at(rates: Iterable[Decimal], currency: str) -> Decimal:
    """The largest amount of a currency that stays countable in itself and at each of these rates."""
    return WIDE.divide(MAX_AMOUNT, max((Decimal(1), *rates))).quantize(
        precision(currency), rounding=ROUND_DOWN
    )


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
