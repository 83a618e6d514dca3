"""What the two sides of an order ask and answer: refuse, change, accept, decline, take back, call off, close, cancel.

One rule: whether it may be done now is said by the order's own actions, before anything is asked.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from api.contract.actions import ActionVerb
from api.contract.orders import OrderOut, OrderVersionIn
from api.text import CommandName
from bots.cards.drawing import CardKind, draw
from bots.cards.press import Op, Press
from bots.dialog import find, press_checks
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage
from bots.dialog.submit import submit_or_ask
from bots.forms import change as change_form
from bots.forms.reason import ReasonKind, ReasonValues

REASONS: Mapping[Op, ReasonKind] = MappingProxyType(
    {
        Op.refuse_order: ReasonKind.refuse_order,
        Op.decline_change: ReasonKind.decline_change,
        Op.call_off_order: ReasonKind.call_off_order,
        Op.close_order: ReasonKind.close_order,
        Op.cancel_order: ReasonKind.cancel_order,
    }
)
VERBS: Mapping[ReasonKind, ActionVerb] = MappingProxyType(
    {
        ReasonKind.refuse_order: ActionVerb.refuse,
        ReasonKind.decline_change: ActionVerb.decline,
        ReasonKind.call_off_order: ActionVerb.call_off,
        ReasonKind.close_order: ActionVerb.close_short,
        ReasonKind.cancel_order: ActionVerb.cancel,
    }
)


async def ask_why(ctx: Context, press: Press) -> str:
    """Everything that the other side reads a reason for."""
    order = await ctx.api.orders.show(press.id)
    refusal_text = refused_press(ctx, press, order)
    if refusal_text:
        return refusal_text
    await ctx.ask(await ctx.start_form("saying", _reason_values(REASONS[press.op], order)))
    return ""


def refused_press(ctx: Context, press: Press, order: OrderOut) -> str:
    """Why this press is refused; nothing when the reader's card of the order has such a button now."""
    card = CardKind.vendor_order if ctx.is_vendor else CardKind.order
    return press_checks.refusal_text(ctx, press, draw(card, order, ctx.viewer))


def by_command(kind: ReasonKind) -> Callable[[Context, IncomingMessage], Awaitable[None]]:
    """/refuse PO-77 sold out, and the like; without a reason it is asked for."""

    async def run(ctx: Context, message: IncomingMessage) -> None:
        order = await find.order_or_reply(ctx, message)
        if order is None:
            return
        if not order.offers(VERBS[kind]):
            await ctx.responder.text(_not_now(ctx, order))
            return
        await submit_or_ask(ctx, _reason_values(kind, order), message.text_after_number)

    return run


def _reason_values(kind: ReasonKind, order: OrderOut) -> ReasonValues:
    return ReasonValues(saying=kind, id=order.id, version=order.version, about=order.number)


def _not_now(ctx: Context, order: OrderOut) -> str:
    text = ctx.translate("cards.not_now", number=order.number, command=CommandName("po"))
    return press_checks.log_refused_update("not_now", text)


async def accept(ctx: Context, press: Press) -> str:
    """Agree to what the other side proposed."""
    body = OrderVersionIn(expected_version=press.version)
    return _accepted(ctx, await ctx.api.orders.accept_change(press.id, body, key=ctx.press_key(press)))


async def accept_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/accept PO-77"""
    order = await find.order_or_reply(ctx, message)
    if order is not None:
        body = OrderVersionIn(expected_version=order.version)
        done = await ctx.api.orders.accept_change(order.id, body, key=ctx.command_key("accept"))
        await ctx.responder.text(_accepted(ctx, done))


def _accepted(ctx: Context, order: OrderOut) -> str:
    waits = order.proposal is not None
    key = "cards.now_change_awaits" if waits else "cards.now_change_accepted"
    return ctx.translate(key, number=order.number)


async def take_back(ctx: Context, press: Press) -> str:
    """Take back one's own proposal."""
    body = OrderVersionIn(expected_version=press.version)
    order = await ctx.api.orders.take_back_change(press.id, body, key=ctx.press_key(press))
    return ctx.translate("cards.now_taken_back", number=order.number)


async def take_back_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/take_back PO-77"""
    order = await find.order_or_reply(ctx, message)
    if order is not None:
        body = OrderVersionIn(expected_version=order.version)
        done = await ctx.api.orders.take_back_change(order.id, body, key=ctx.command_key("take_back"))
        await ctx.responder.text(ctx.translate("cards.now_taken_back", number=done.number))


async def change(ctx: Context, press: Press) -> str:
    """Another day, quantity or price, question by question or in one modal."""
    order = await ctx.api.orders.show(press.id)
    return refused_press(ctx, press, order) or await _start_change(ctx, order)


async def change_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/change PO-77"""
    order = await find.order_or_reply(ctx, message)
    if order is None:
        return
    text = await _start_change(ctx, order) if order.offers(ActionVerb.change) else _not_now(ctx, order)
    if text:
        await ctx.responder.text(text)


async def _start_change(ctx: Context, order: OrderOut) -> str:
    await ctx.ask(await ctx.start_form("change", change_form.initial_values(order)))
    return ""
