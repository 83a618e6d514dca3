"""/order PO-77, and the button on an order's card: what arrived, who recorded it, and each version of the terms.

One rule: a vendor sees the versions that it agreed to; what arrived is in the counts of its order.
"""

from api.contract.orders import OrderOut
from bots.cards import order_history
from bots.cards.press import Press
from bots.dialog import find
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage


async def show(ctx: Context, press: Press) -> str:
    """By the button."""
    await _show(ctx, await ctx.api.orders.show(press.id))
    return ""


async def show_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/order PO-77"""
    order = await find.order_or_reply(ctx, message)
    if order is not None:
        await _show(ctx, order)


async def _show(ctx: Context, order: OrderOut) -> None:
    receipts = () if ctx.is_vendor else await ctx.api.orders.receipts(order.id)
    revisions = await ctx.api.orders.revisions(order.id)
    await ctx.show(order_history.of_order(order, receipts, revisions, ctx.viewer))
