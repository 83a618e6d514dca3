"""Facts that several cards tell in the same words."""

from collections.abc import Iterable
from decimal import Decimal

from api.text import money, quantity, say

MOST = 12


def wanted(description: str, amount: Decimal, unit: str, locale: str) -> str:
    """``3 pcs × Laptop``, as the reader writes quantities."""
    return f"{quantity(amount, unit, locale)} × {description}"


def priced(line: str, price: Decimal | None, currency: str, locale: str) -> str:
    """A line with its price for one."""
    return (
        line if price is None else say("cards.each", locale, line=line, price=money(price, currency, locale))
    )


def shortened(lines: Iterable[str], locale: str) -> tuple[str, ...]:
    """The first dozen; how many more there are is said."""
    every = tuple(lines)
    if len(every) <= MOST:
        return every
    return (*every[:MOST], say("cards.more_lines", locale, n=len(every) - MOST))
