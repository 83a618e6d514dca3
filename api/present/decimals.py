"""Formats decimals: amounts at their currency's precision, quantities without trailing zeros.

One rule: what is rounded for showing is rounded as ``core.kernel.money`` rounds what is stored.
"""

from decimal import ROUND_HALF_UP, Decimal

from core.kernel.money import WIDE, rounded


def amount(value: Decimal, currency: str) -> Decimal:
    """A total, with exactly the currency's decimals."""
    return rounded(value, currency)


def optional_amount(value: Decimal | None, currency: str) -> Decimal | None:
    return None if value is None else amount(value, currency)


def unit_price(value: Decimal, currency: str) -> Decimal:
    """At least the currency's decimals, more when the price has more."""
    shortest = plain(value)
    shown = amount(shortest, currency)
    return shown if shortest == shown else shortest


def converted_price(value: Decimal, currency: str) -> Decimal:
    """A converted price: the currency's decimals, or four for a price below one."""
    if value >= 1:
        return rounded(value, currency)
    return value.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP, context=WIDE)


def optional_unit_price(value: Decimal | None, currency: str) -> Decimal | None:
    return None if value is None else unit_price(value, currency)


def plain(value: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent: 3, 2.5, 100."""
    shortest = value.normalize(WIDE)
    exponent = shortest.as_tuple().exponent
    return (
        shortest.quantize(Decimal(1), context=WIDE)
        if isinstance(exponent, int) and exponent > 0
        else shortest
    )
