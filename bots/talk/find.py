"""Finding a thing by the number that people read: REQ-104, RFQ-31, PO-77."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from api.contract.orders import OrderOut
from api.contract.requests import RequestOut
from api.contract.sourcing import RfqOut
from api.contract.values import Listing

N = TypeVar("N", RequestOut, RfqOut, OrderOut)
MOST_PAGES = 25


async def by_number(said: str, page: Callable[[str | None], Awaitable[Listing[N]]]) -> N | None:
    """The thing with this number among those that the person may see, newest first."""
    wanted = said.strip().upper()
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        found = await page(cursor)
        for item in found.items:
            if item.number.upper() == wanted:
                return item
        cursor = found.next_cursor
        if cursor is None:
            return None
    return None
