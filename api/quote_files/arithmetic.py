"""What proves a price: quantity × unit price, less a discount, for one or for a hundred, is the amount to the cent.

One rule: without such a proof nothing is a price; with two that differ, both are kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from itertools import combinations

from api.quote_files.figures import WrittenNumber
from api.quote_files.model import Price

CENT = Decimal("0.01")
MOST_EXTRAS = 6


@dataclass
class Terms:
    """The numbers of one row by what they may be."""

    quantities: list[WrittenNumber] = field(default_factory=list)
    prices: list[WrittenNumber] = field(default_factory=list)
    amounts: list[WrittenNumber] = field(default_factory=list)
    discounts: list[WrittenNumber] = field(default_factory=list)
    bases: list[WrittenNumber] = field(default_factory=list)

    @property
    def all(self) -> list[WrittenNumber]:
        return [*self.quantities, *self.prices, *self.amounts, *self.discounts]

    @property
    def any(self) -> bool:
        return bool(self.quantities or self.prices or self.amounts)

    def values(self, name: str, convention: str = "") -> list[Decimal]:
        """What the numbers of this kind can be, each once."""
        numbers: list[WrittenNumber] = getattr(self, name)
        return list(dict.fromkeys(value for each in numbers for value in each.by(convention)))


def proven(terms: Terms, bases: Sequence[int]) -> tuple[Price, ...]:
    """Every unit price, after the discount, that the row's amount proves, with its quantity."""
    bases = [int(each) for each in terms.values("bases") if each in (1, 10, 100, 1000)] or list(bases)
    found = [
        Price(unit_price=price * rest / basis, quantity=quantity)
        for quantity in terms.values("quantities")
        for amount in terms.values("amounts")
        for price in terms.values("prices") or _shares(amount, quantity)
        for rest in _rests(terms)
        for basis in bases
        if comes_to(quantity, price, rest, basis, amount)
    ]
    return tuple(dict.fromkeys(found))


def _shares(amount: Decimal, quantity: Decimal) -> list[Decimal]:
    """The price of one where only the whole is named, if it is one to four decimals."""
    if not quantity:
        return []
    share = amount / quantity
    return [share] if share == round(share, 4) else []


def _rests(terms: Terms) -> list[Decimal]:
    """What is left of a price after each discount that is named; all of it when none is."""
    return [1 - abs(each) / 100 for each in terms.values("discounts") if 0 <= abs(each) < 100] or [Decimal(1)]


def comes_to(quantity: Decimal, price: Decimal, rest: Decimal, basis: int, amount: Decimal) -> bool:
    """Whether this is the amount, rounded up or to even, as accountants and machines do."""
    if quantity <= 0 or price <= 0 or amount <= 0:
        return False
    worked = quantity * price * rest / basis
    return amount in (worked.quantize(CENT, ROUND_HALF_UP), worked.quantize(CENT, ROUND_HALF_EVEN), worked)


def has_vat_inside(total: Decimal, inside: Iterable[Decimal], printed: Iterable[Decimal]) -> bool:
    """Whether the lines come to a sum of which a VAT is said to be a part, not to one that it is added to."""
    wanted = set(printed)
    return any(total + each not in wanted for each in inside)


def sums_up(total: Decimal, extras: Sequence[Decimal], printed: Iterable[Decimal]) -> bool:
    """Whether the lines, with any of the freight, tax and discount that are named, come to a number that is printed."""
    wanted = set(printed)
    several = [
        each
        for n in range(min(len(extras), MOST_EXTRAS) + 1)
        for each in combinations(extras[:MOST_EXTRAS], n)
    ]
    return any(total + sum(each) in wanted for each in several)
