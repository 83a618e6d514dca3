"""Where things stand: /my, /rfqs, /po, /status, what waits, and the Open buttons of lists."""

from api.contract import endpoints as e
from api.contract.orders import OrderOut
from api.contract.requests import RequestOut
from api.contract.rfqs import RfqOut
from api.contract.values import Listing
from api.text import has_key, moment
from bots.cards import digest, phrases
from bots.cards.card import Button, Card, label, rows_of
from bots.cards.drawing import CardKind, draw
from bots.cards.page_ref import ListName, PageRef
from bots.cards.press import NO_ID, Op, Press
from bots.dialog import find, which_one
from bots.dialog.context import Context
from bots.dialog.handlers import approvals, orders
from bots.dialog.message import IncomingMessage
from bots.dialog.origin import CardRef
from bots.dialog.pager import (
    offset_buttons,
    place,
    turn_buttons,
    uncounted_turn_buttons,
    unshown_lines,
)
from bots.dialog.request_card import request_card

MAX_ITEMS = 10


async def my_requests(ctx: Context, message: IncomingMessage) -> None:
    """The person's own requests, newest first; /my completed for those of one state."""
    state = message.args.casefold() or None
    if state is not None and not has_key(f"states.request.{state}"):
        await ctx.responder.text(ctx.translate("lists.state_unknown", state=state))
        return
    await show_or_say(
        ctx, await requests_page(ctx, PageRef(ListName.requests, state or "")), "lists.no_requests"
    )


async def rfqs(ctx: Context, message: IncomingMessage) -> None:
    """A vendor's open RFQs, or an officer's running ones."""
    await show_or_say(ctx, await rfqs_page(ctx, PageRef(ListName.rfqs)), "lists.no_rfqs")


async def show_or_say(ctx: Context, card: Card | None, empty: str) -> None:
    """The page of a list, or that it is empty."""
    if card is None:
        await ctx.responder.text(ctx.translate(empty))
    else:
        await ctx.show(card)


async def requests_page(ctx: Context, ref: PageRef) -> Card | None:
    """Some of the person's own requests, newest first; of one state when ``ref.text`` names it."""
    query = {"mine": "true", **({"state": ref.text} if ref.text else {}), **ref.query(MAX_ITEMS)}
    page = await ctx.api.call(e.list_requests, None, query=query)
    if not page.items and not page.unshown:
        return None
    buttons = [
        Button(label(request.number), Press(Op.open_request, request.id, request.version))
        for request in page.items
    ]
    return Card(
        ctx.translate("lists.my_requests"),
        facts=place(ctx, page, len(page.items) + len(page.unshown)),
        items=(*(_request_line(request, ctx) for request in page.items), *unshown_lines(ctx, page)),
        buttons=(*rows_of(*buttons), *turn_buttons(ctx, ref, page, page.items)),
    )


async def rfqs_page(ctx: Context, ref: PageRef) -> Card | None:
    """Some of the open RFQs, newest first."""
    page = await ctx.api.call(e.list_rfqs, None, query={"state": "open", **ref.query(MAX_ITEMS)})
    if not page.items and not page.unshown:
        return None
    buttons = [Button(label(rfq.number), Press(Op.open_rfq, rfq.id, rfq.version)) for rfq in page.items]
    return Card(
        ctx.translate("lists.open_rfqs"),
        facts=place(ctx, page, len(page.items) + len(page.unshown)),
        items=(
            *(
                phrases.title(rfq.number, moment(rfq.quote_by, ctx.locale, ctx.me.zone), ctx.locale)
                for rfq in page.items
            ),
            *unshown_lines(ctx, page),
        ),
        buttons=(*rows_of(*buttons), *turn_buttons(ctx, ref, page, page.items)),
    )


async def show_orders(ctx: Context, message: IncomingMessage) -> None:
    """/po PO-77; alone it lists those that the person may see."""
    if not message.number:
        await show_or_say(ctx, await orders_page(ctx, PageRef(ListName.orders)), "lists.no_orders_yet")
        return
    order = await find.order_or_reply(ctx, message)
    if order is not None:
        await orders.show_order(ctx, order)


async def orders_page(ctx: Context, ref: PageRef) -> Card | None:
    """Some of the orders, newest first; how many there are is not counted, because a list of all is long."""
    query = {name: value for name, value in ref.query(MAX_ITEMS).items() if name != "counted"}
    page = await ctx.api.call(e.list_orders, None, query=query)
    if not page.items and not page.unshown:
        return None
    buttons = [Button(label(each.number), Press(Op.open_order, each.id, each.version)) for each in page.items]
    items = (*(_order_line(order, ctx) for order in page.items), *unshown_lines(ctx, page))
    turns = uncounted_turn_buttons(ctx, ref, page, is_first=await _is_first_page_of_orders(ctx, ref, page))
    return Card(ctx.translate("lists.orders"), items=items, buttons=(*rows_of(*buttons), *turns))


async def _is_first_page_of_orders(ctx: Context, ref: PageRef, page: Listing[OrderOut]) -> bool:
    """Only who turned back may have come to the beginning."""
    if ref.beside == NO_ID:
        return True
    if not ref.backwards or not page.items:
        return False
    newest = await ctx.api.call(e.list_orders, None, query={"limit": "1"})
    return bool(newest.items) and newest.items[0].id == page.items[0].id


async def worklist_page(ctx: Context, ref: PageRef) -> Card | None:
    """Some of what waits for this person, the most urgent first."""
    query = {"limit": str(MAX_ITEMS), "offset": str(ref.offset)}
    page = await ctx.api.call(e.my_worklist, None, query=query)
    if not page.items:
        return None
    return Card(
        ctx.translate("lists.waiting"),
        facts=place(ctx, page, len(page.items)),
        items=tuple(digest.line(item, page.at, ctx.viewer) for item in page.items),
        buttons=(
            *digest.open_buttons(page.items, ctx.locale),
            *offset_buttons(ctx, ref, page, len(page.items), MAX_ITEMS),
        ),
    )


async def status(ctx: Context, message: IncomingMessage) -> None:
    """/status REQ-104, RFQ-31 or PO-77: its card, for whoever may see it."""
    if not message.args or not await _show_number(ctx, message.args):
        await which_one.reply_not_found(ctx, message, "REQ-104")


async def open_card(ctx: Context, press: Press) -> str:
    """Its card, as a new message that stays current."""
    match press.op:
        case Op.open_request:
            await show_request(ctx, await ctx.api.requests.show(press.id))
        case Op.open_rfq:
            await show_rfq(ctx, await ctx.api.rfqs.show(press.id))
        case Op.open_approval:
            await approvals.show_approval(ctx, await ctx.api.approvals.show(press.id))
        case _:
            await orders.show_order(ctx, await ctx.api.orders.show(press.id))
    return ""


async def _show_number(ctx: Context, number: str) -> bool:
    """False when there is no such thing for this person."""
    if number.upper().startswith("PO"):
        order = await find.order(ctx, number)
        if order is not None:
            await orders.show_order(ctx, order)
        return order is not None
    if number.upper().startswith("RFQ") or ctx.is_vendor:
        rfq = await find.rfq(ctx, number)
        if rfq is not None:
            await show_rfq(ctx, rfq)
        return rfq is not None
    request = await find.request(ctx, number)
    if request is not None:
        await show_request(ctx, request)
    return request is not None


async def show_request(ctx: Context, request: RequestOut) -> None:
    """As whoever asked sees it, or as everybody else."""
    card = request_card(ctx, request)
    card_ref = CardRef(card, "request", request.id, request.version)
    await ctx.show(draw(card, request, ctx.viewer), card_ref)


async def show_rfq(ctx: Context, rfq: RfqOut) -> None:
    """A vendor's own card, or the comparison."""
    if ctx.is_vendor:
        card_ref = CardRef(CardKind.vendor_rfq, "rfq", rfq.id, rfq.version)
        await ctx.show(draw(CardKind.vendor_rfq, rfq, ctx.viewer), card_ref)
        return
    comparison = await ctx.api.requests.compare(rfq.request_id)
    card_ref = CardRef(CardKind.comparison, "rfq", rfq.id, rfq.version)
    await ctx.show(draw(CardKind.comparison, comparison, ctx.viewer), card_ref)


def _request_line(request: RequestOut, ctx: Context) -> str:
    first = request.lines[0]
    text = phrases.title(
        request.number, phrases.state("request", request.state.value, ctx.locale), ctx.locale
    )
    return f"{text} · {phrases.line(first.quantity, first.unit, first.description, ctx.locale)}"


def _order_line(order: OrderOut, ctx: Context) -> str:
    text = phrases.title(order.number, phrases.state("order", order.state.value, ctx.locale), ctx.locale)
    return f"{text} · {order.request_number} · {order.vendor_name}"
