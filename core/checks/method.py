"""How a finding is told from what is usual: pure functions of what happened before the event.

One rule: nothing here knows a database or a clock; whoever calls gives the past of one thing, oldest first, and the
evaluation on real data runs exactly this code.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

LOOKED_BACK = 200
"""Of the newest prices of an item; older ones are not even read."""
PRICES_NEEDED = 5
PRICES_LOOKED_AT = 20
"""The newest ones: what a price was years ago says nothing about a slip today."""
KNOWN_PRICES = 50
KNOWN_WITHIN = 0.02
"""A price that the organisation has paid for the item before is its price list, not a slip."""
FLOOR = 0.08
DEVIATIONS = 3.0
TO_DEVIATION = 1.4826
"""What makes a median absolute deviation comparable to a standard deviation."""
LEAST_EXTRA = 50.0
DUPLICATE_DAYS = 15
SPLIT_DAYS = 7
SMALLEST_PART = 0.2
"""Of the limit; a part below it hides nothing, or many would be needed."""
QUANTITIES_NEEDED = 5
TIMES_USUAL = 5.0


@dataclass(frozen=True)
class PastPrice:
    """One price that was paid for an item, in the same unit and currency."""

    price: float
    same_vendor: bool
    on: dt.date


@dataclass(frozen=True)
class PriceFinding:
    """``usual``: the median of ``n`` prices from ``low`` to ``high``, since a day; ``extra``: for the whole line."""

    usual: float
    low: float
    high: float
    n: int
    since: dt.date
    extra: float
    same_vendor: bool


def price_finding(
    price: float, quantity: float, past: Sequence[PastPrice], *, least_extra: float = LEAST_EXTRA
) -> PriceFinding | None:
    """The price against the item's own past, of the same vendor if there is enough of it; None when it is usual."""
    paid = [each for each in past[-LOOKED_BACK:] if each.price > 0]
    own = [each for each in paid if each.same_vendor]
    same_vendor = len(own) >= PRICES_NEEDED
    compared = (own if same_vendor else paid)[-PRICES_LOOKED_AT:]
    if price <= 0 or len(compared) < PRICES_NEEDED or _is_known(price, paid[-KNOWN_PRICES:]):
        return None
    logs = [math.log(each.price) for each in compared]
    middle = median(logs)
    spread = max(TO_DEVIATION * median([abs(each - middle) for each in logs]), FLOOR)
    usual = math.exp(middle)
    extra = (price - usual) * quantity
    if math.log(price) - middle <= DEVIATIONS * spread or extra < least_extra:
        return None
    prices = [each.price for each in compared]
    since = min(each.on for each in compared)
    return PriceFinding(usual, min(prices), max(prices), len(prices), since, extra, same_vendor)


def _is_known(price: float, paid: Sequence[PastPrice]) -> bool:
    return any(abs(math.log(price / each.price)) < KNOWN_WITHIN for each in paid)


def is_duplicate(own: tuple[float, float], earlier: tuple[float, float], days: int) -> bool:
    """Whether the same quantity of an item at the same price was ordered at most this many days ago."""
    return own == earlier and 0 <= days <= DUPLICATE_DAYS


def split_sum(amount: float, limit: float, others: Sequence[float]) -> tuple[float, int] | None:
    """What purchases under a limit cost together, and how many they are; None when that is under the limit too.

    ``others``: what the same person asked for of the same supply, in the days before, with an item in common.
    """
    if not limit * SMALLEST_PART <= amount < limit:
        return None
    parts = [each for each in others if limit * SMALLEST_PART <= each < limit]
    together = amount + sum(parts)
    return (together, len(parts) + 1) if parts and together >= limit else None


@dataclass(frozen=True)
class UsualQuantity:
    """``usual``: the median of ``n`` ordered lines since a day."""

    usual: float
    n: int
    since: dt.date


@dataclass(frozen=True)
class PastQuantity:
    """How much of an item was ordered at once."""

    quantity: float
    on: dt.date


def unusual_quantity(quantity: float, past: Sequence[PastQuantity]) -> UsualQuantity | None:
    """What is usual, when this is several times that and more than ever; None when nobody needs to be asked."""
    if len(past) < QUANTITIES_NEEDED:
        return None
    ordered = [each.quantity for each in past]
    usual = median(ordered)
    if quantity <= max(ordered) or quantity < TIMES_USUAL * usual:
        return None
    return UsualQuantity(usual, len(past), min(each.on for each in past))
