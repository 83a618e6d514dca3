"""Purchase orders: the vendor confirms; whoever asked receives, corrects a receipt, and sends goods back."""

from collections.abc import Sequence

from api.contract.actions import ActionVerb
from api.contract.orders import AcknowledgeIn, OrderOut
from api.contract.quotes import DocumentOut
from api.text import CommandName
from bots.cards.drawing import CardKind, draw
from bots.cards.press import Press
from bots.dialog import find, press_checks
from bots.dialog.context import Context
from bots.dialog.handlers.order_changes import refused_press
from bots.dialog.message import IncomingMessage
from bots.dialog.origin import CardRef
from bots.dialog.uploads import upload_files
from bots.forms import receive as receive_form
from bots.forms import recount as recount_form
from bots.forms.quote_values import AttachedFile

RECEIVABLE = ("issued", "acknowledged", "partly_received")
"""What /receive alone asks the list for."""
MAX_SHOWN = 5


async def acknowledge(ctx: Context, press: Press) -> str:
    """The vendor will deliver."""
    body = AcknowledgeIn(expected_version=press.version)
    order = await ctx.api.orders.acknowledge(press.id, body, key=ctx.press_key(press))
    return ctx.translate("cards.now_acknowledged", number=order.number)


async def acknowledge_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/acknowledge PO-77"""
    order = await find.order_or_reply(ctx, message)
    if order is not None:
        body = AcknowledgeIn(expected_version=order.version)
        done = await ctx.api.orders.acknowledge(order.id, body, key=ctx.command_key("acknowledge"))
        await ctx.responder.text(ctx.translate("cards.now_acknowledged", number=done.number))


async def receive_all(ctx: Context, press: Press) -> str:
    """Everything that was still open has arrived in good order."""
    order = await ctx.api.orders.show(press.id)
    return await _receive_open_lines(ctx, order, ctx.press_key(press), press.version)


async def _receive_open_lines(
    ctx: Context, order: OrderOut, key: str, version: int = 0, files: Sequence[DocumentOut] = ()
) -> str:
    """Everything that is open, at the version that the person saw."""
    values = receive_form.all_received(order)
    if not order.offers(ActionVerb.receive) or values.is_empty:
        return press_checks.log_refused_update(
            "nothing_open", ctx.translate("forms.receive.nothing_open", number=order.number)
        )
    kept = {"files": [AttachedFile.of(each) for each in files]}
    body = values.model_copy(update={"version": version or order.version, **kept}).body()
    done = await ctx.api.orders.receive(order.id, body, key=key)
    return ctx.translate("forms.receive.recorded", number=done.number)


async def receive_lines(ctx: Context, press: Press) -> str:
    """What arrived, line by line."""
    order = await ctx.api.orders.show(press.id)
    refusal_text = press_checks.refusal_text(ctx, press, draw(CardKind.order, order, ctx.viewer))
    return refusal_text or await _start_receiving(ctx, order)


async def receive(ctx: Context, message: IncomingMessage) -> None:
    """/receive PO-77, line by line; /receive PO-77 all; alone it shows the orders that are on their way."""
    if not message.number:
        await _show_receivable(ctx)
        if message.files:
            await ctx.responder.text(ctx.translate("forms.which.file", command=CommandName(message.command)))
        return
    order = await find.order_or_reply(ctx, message)
    if order is None:
        return
    files = await upload_files(ctx, message)
    if files is None:
        return
    everything = message.text_after_number.casefold() in (
        "all",
        ctx.translate("buttons.receive_all").casefold(),
    )
    if everything and not message.is_of_album:
        text = await _receive_open_lines(ctx, order, ctx.command_key("receive"), files=files)
    else:  # the other files of an album follow, and are taken by the open form
        text = await _start_receiving(ctx, order, files, everything=everything)
    if text:
        await ctx.responder.text(text)


async def _start_receiving(
    ctx: Context, order: OrderOut, files: Sequence[DocumentOut] = (), *, everything: bool = False
) -> str:
    values = receive_form.all_received(order) if everything else receive_form.initial_values(order)
    if not order.offers(ActionVerb.receive) or not values.lines:
        return press_checks.log_refused_update(
            "nothing_open", ctx.translate("forms.receive.nothing_open", number=order.number)
        )
    kept = values.model_copy(update={"files": [AttachedFile.of(each) for each in files]})
    await ctx.ask(await ctx.start_form("receive", kept))
    return ""


async def _show_receivable(ctx: Context) -> None:
    """The orders that this person can receive now: their own first, else those of others."""
    found = await _receivable(ctx, mine=True) or await _receivable(ctx, mine=False)
    if not found:
        await ctx.responder.text(ctx.translate("lists.no_orders"))
    for order in found[:MAX_SHOWN]:
        await show_order(ctx, order)


async def _receivable(ctx: Context, *, mine: bool) -> list[OrderOut]:
    return [
        order
        for state in RECEIVABLE
        for order in (await ctx.api.orders.list(state=state, mine=mine, limit=MAX_SHOWN)).items
        if order.offers(ActionVerb.receive)
    ]


async def correct(ctx: Context, press: Press) -> str:
    """What the newest receipt should have said."""
    order = await ctx.api.orders.show(press.id)
    return refused_press(ctx, press, order) or await _start_correction(ctx, order)


async def correct_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/correct_receipt PO-77"""
    order = await find.order_or_reply(ctx, message)
    text = await _start_correction(ctx, order) if order is not None else ""
    if text:
        await ctx.responder.text(text)


async def _start_correction(ctx: Context, order: OrderOut) -> str:
    offered = order.offers(ActionVerb.correct)
    values = recount_form.of_correction(order, await ctx.api.orders.receipts(order.id)) if offered else None
    if values is None:
        return press_checks.log_refused_update(
            "nothing_received", ctx.translate("forms.correct.nothing", number=order.number)
        )
    await ctx.ask(await ctx.start_form("recount", values))
    return ""


async def return_goods(ctx: Context, press: Press) -> str:
    """How much of what was accepted goes back."""
    order = await ctx.api.orders.show(press.id)
    return refused_press(ctx, press, order) or await _start_return(ctx, order)


async def return_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/return PO-77"""
    order = await find.order_or_reply(ctx, message)
    text = await _start_return(ctx, order) if order is not None else ""
    if text:
        await ctx.responder.text(text)


async def _start_return(ctx: Context, order: OrderOut) -> str:
    if not order.offers(ActionVerb.return_goods):
        return press_checks.log_refused_update(
            "nothing_received", ctx.translate("forms.correct.nothing", number=order.number)
        )
    await ctx.ask(await ctx.start_form("recount", recount_form.of_return(order)))
    return ""


async def show_order(ctx: Context, order: OrderOut) -> None:
    """The order's card for this reader."""
    card = CardKind.vendor_order if ctx.is_vendor else CardKind.order
    await ctx.show(draw(card, order, ctx.viewer), CardRef(card, "order", order.id, order.version))
