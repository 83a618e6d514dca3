"""Finding a thing by the number that people read: REQ-104, RFQ-31, PO-77."""

from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel

from api.contract.orders import OrderOut
from api.contract.requests import RequestOut
from api.contract.rfqs import RfqOut
from bots.client.caller import ListableSlice
from bots.dialog import which_one
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage

N = TypeVar("N", bound=BaseModel)
MAX_LENGTH = 40


async def request(ctx: Context, number: str) -> RequestOut | None:
    return await by_number(number, ctx.api.requests)


async def rfq(ctx: Context, number: str) -> RfqOut | None:
    return await by_number(number, ctx.api.rfqs)


async def order(ctx: Context, number: str) -> OrderOut | None:
    return await by_number(number, ctx.api.orders)


async def purchase(ctx: Context, number: str) -> UUID | None:
    """The request of this number, or the one for which the RFQ of this number asks."""
    if number.upper().startswith("RFQ"):
        found = await rfq(ctx, number)
        return found.request_id if found is not None else None
    wanted = await request(ctx, number)
    return wanted.id if wanted is not None else None


async def rfq_of_quote(ctx: Context, quote_id: UUID) -> RfqOut | None:
    """The open RFQ to which this is the vendor's own quote."""
    found = (await ctx.api.rfqs.list(state="open", limit=100)).items
    return next((rfq for rfq in found if rfq.my_quote is not None and rfq.my_quote.id == quote_id), None)


async def by_number(number: str, things: ListableSlice[N]) -> N | None:
    """The thing with this number, if the person may see it."""
    wanted = number.strip()
    return await things.by_number(wanted) if 0 < len(wanted) <= MAX_LENGTH else None


async def request_or_reply(ctx: Context, message: IncomingMessage) -> RequestOut | None:
    """The request that a command names; None after telling the person that there is none."""
    found = await request(ctx, message.number)
    if found is None:
        await which_one.reply_not_found(ctx, message, "REQ-104")
    return found


async def rfq_or_reply(ctx: Context, message: IncomingMessage) -> RfqOut | None:
    """The same for an RFQ."""
    found = await rfq(ctx, message.number)
    if found is None:
        await which_one.reply_not_found(ctx, message, "RFQ-31")
    return found


async def order_or_reply(ctx: Context, message: IncomingMessage) -> OrderOut | None:
    """The same for an order."""
    found = await order(ctx, message.number)
    if found is None:
        await which_one.reply_not_found(ctx, message, "PO-77")
    return found
