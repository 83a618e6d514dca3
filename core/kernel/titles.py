"""How a list of items is called in one line."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol


class Item(Protocol):
    """What a line of a request and a line of an RFQ have in common."""

    @property
    def description(self) -> str: ...

    @property
    def quantity(self) -> Decimal: ...


def title_of(lines: Sequence[Item]) -> str:
    """The first item, and how many more there are."""
    more = f" + {len(lines) - 1}" if len(lines) > 1 else ""
    return f"{lines[0].quantity.normalize():f} × {lines[0].description}{more}"[:300]
