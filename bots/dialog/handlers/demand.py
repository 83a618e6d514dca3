"""/demand: what will be needed, of what is needed regularly or of one item; a press drafts a request.

One rule: nothing is asked for by a forecast; the button opens the ordinary form, and a person submits it.
"""

from uuid import UUID

from api.contract import endpoints as e
from api.contract.demand import DemandDetailsOut
from bots.cards.demand import item_card, list_card
from bots.cards.press import Press
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage
from bots.forms.request import initial_values
from bots.forms.request_values import LineValues


async def demand(ctx: Context, message: IncomingMessage) -> None:
    """/demand alone lists the items; /demand toner shows the one that is called so, or those that may be meant."""
    text = message.args.strip()[:60]
    found = await ctx.api.call(e.list_demand, None, query={"q": text} if text else {})
    if not found.items:
        key = "demand.unknown" if text else "demand.none"
        await ctx.responder.text(ctx.translate(key, text=text) if text else ctx.translate(key))
        return
    meant = [each for each in found.items if each.name.casefold() == text.casefold()] or found.items
    if text and len(meant) == 1:
        await ctx.show(item_card(await _details(ctx, meant[0].id), ctx.viewer))
    else:
        await ctx.show(list_card(found, ctx.viewer))


async def open_item(ctx: Context, press: Press) -> str:
    """One item of the list."""
    await ctx.show(item_card(await _details(ctx, press.id), ctx.viewer))
    return ""


async def draft(ctx: Context, press: Press) -> str:
    """The request form, filled in for the next quarter; what is not known is asked."""
    details = await _details(ctx, press.id)
    wanted = details.draft
    if wanted is None:
        return ctx.translate("cards.not_a_button")
    line = LineValues(
        description=details.item.name, quantity=wanted.quantity, unit=details.item.unit, price=wanted.price
    )
    given = {"lines": [line], "currency": wanted.currency, "needed_by": wanted.needed_by, "guided": False}
    values = initial_values("", ctx.form_ctx).model_copy(update=given)
    await ctx.ask(await ctx.start_form("request", values))
    return ""


async def _details(ctx: Context, item_id: UUID) -> DemandDetailsOut:
    return await ctx.api.call(e.show_demand, None, path={"id": item_id})
