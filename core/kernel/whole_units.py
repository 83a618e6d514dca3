"""Units that are counted and never divided.

One rule: half a piece does not exist, so a quantity in one of these units is a whole number.
"""

from decimal import ROUND_FLOOR, Decimal

_WORDS = (
    "pc pcs piece pieces unit units ea each item items set sets pair pairs licence licences license licenses",
    "st stk stück stücke stueck stuecke",
    "ud uds unidad unidades pieza piezas",
    "шт штука штуки штук",
    "قطعة قطع وحدة حبة",
)
WHOLE_UNITS = frozenset(word for words in _WORDS for word in words.split())
"""Short codes and what people write instead, without dots and in lower case."""


def is_whole(unit: str) -> bool:
    """Whether this unit is counted in whole numbers."""
    return unit.strip().rstrip(".").casefold() in WHOLE_UNITS


def divides(quantity: Decimal, unit: str) -> bool:
    """Whether this quantity would be a part of something that comes whole: 3.4 pieces."""
    return is_whole(unit) and quantity != quantity.to_integral_value()


def countable(quantity: Decimal, unit: str) -> Decimal:
    """The most of this quantity that can be there: 10.5 pieces are 10."""
    return quantity.to_integral_value(ROUND_FLOOR) if is_whole(unit) else quantity
