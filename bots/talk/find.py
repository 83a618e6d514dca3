"""Finding a thing by the number that people read: REQ-104, RFQ-31, PO-77."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from api.contract.orders import OrderOut
from api.contract.requests import RequestOut
from api.contract.rfqs import RfqOut
from api.contract.values import Listing
from bots.talk.turn import Turn

N = TypeVar("N", RequestOut, RfqOut, OrderOut)
MOST_PAGES = 25


async def request(turn: Turn, number: str) -> RequestOut | None:
    return await by_number(number, lambda cursor: turn.api.requests.listing(cursor=cursor, limit=100))


async def rfq(turn: Turn, number: str) -> RfqOut | None:
    return await by_number(number, lambda cursor: turn.api.rfqs.listing(cursor=cursor, limit=100))


async def order(turn: Turn, number: str) -> OrderOut | None:
    return await by_number(number, lambda cursor: turn.api.orders.listing(cursor=cursor, limit=100))


async def purchase(turn: Turn, number: str) -> UUID | None:
    """The request of this number, or the one for which the RFQ of this number asks."""
    if number.upper().startswith("RFQ"):
        asked = await rfq(turn, number)
        return asked.request_id if asked is not None else None
    wanted = await request(turn, number)
    return wanted.id if wanted is not None else None


async def quoted(turn: Turn, quote_id: UUID) -> RfqOut | None:
    """The open RFQ to which this is the vendor's own quote."""
    found = (await turn.api.rfqs.listing(state="open", limit=100)).items
    return next((rfq for rfq in found if rfq.my_quote is not None and rfq.my_quote.id == quote_id), None)


async def by_number(said: str, page: Callable[[str | None], Awaitable[Listing[N]]]) -> N | None:
    """The thing with this number among those that the person may see, newest first."""
    wanted = said.strip().upper()
    cursor: str | None = None
    for _ in range(MOST_PAGES if wanted else 0):
        found = await page(cursor)
        for item in found.items:
            if item.number.upper() == wanted:
                return item
        cursor = found.next_cursor
        if cursor is None:
            return None
    return None


async def unknown(turn: Turn, number: str, example: str) -> None:
    """There is no such thing, or not for this person."""
    await turn.voice.text(turn.say("forms.number_unknown", number=number[:40] or example))
