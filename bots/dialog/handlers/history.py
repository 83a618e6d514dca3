"""What happened: a purchase as the log has it, the newest event first; an order's deliveries and versions.

One rule: a vendor sees the versions that it agreed to; what arrived is in the counts of its order.
"""

from api.contract import endpoints as e
from api.contract.orders import OrderOut
from api.contract.requests import TimelineItem
from api.text import moment, translate
from bots.cards import order_history as order_card
from bots.cards.card import Card
from bots.cards.press import Press
from bots.dialog import find
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage


async def audit(ctx: Context, message: IncomingMessage) -> None:
    """/audit REQ-104"""
    request = await find.request_or_reply(ctx, message)
    if request is None:
        return
    found = await ctx.api.call(e.timeline, None, path={"id": request.id})
    lines = tuple(_line(ctx, item) for item in reversed(found.items))
    more = ctx.translate("cards.more", n="{n}")
    await ctx.show(Card(ctx.translate("lists.history", number=request.number), items=lines, more=more))


def _line(ctx: Context, item: TimelineItem) -> str:
    """The event's type as in docs/events.md, who did it, and their comment."""
    who = item.actor_name or item.actor
    if item.on_behalf_of_name is not None:
        who = translate("cards.person_for", ctx.locale, person=who, absent=item.on_behalf_of_name)
    at = moment(item.occurred_at, ctx.locale, ctx.me.zone)
    text = f"{at} · {item.action} · {who} · {item.channel}"
    comment = item.data.get("text")
    return translate("cards.with_words", ctx.locale, told=text, text=comment) if comment else text


async def order_history(ctx: Context, press: Press) -> str:
    """What arrived of an order, who recorded it, and each version of its terms."""
    await _show_order(ctx, await ctx.api.orders.show(press.id))
    return ""


async def order_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/order PO-77"""
    order = await find.order_or_reply(ctx, message)
    if order is not None:
        await _show_order(ctx, order)


async def _show_order(ctx: Context, order: OrderOut) -> None:
    if ctx.is_vendor:
        if order.revision == 1:
            await ctx.responder.text(ctx.translate("cards.order_unchanged", number=order.number))
            return
        await ctx.show(order_card.of_vendor(order, await ctx.api.orders.revisions(order.id), ctx.viewer))
        return
    receipts = await ctx.api.orders.receipts(order.id)
    revisions = await ctx.api.orders.revisions(order.id)
    await ctx.show(order_card.of_order(order, receipts, revisions, ctx.viewer))
