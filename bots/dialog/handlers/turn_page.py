"""The buttons under a list: its next or previous page in place of the one that was shown.

One rule: the approvals are cards that stay current, and the orders have no way back, so their next page is sent and
not put in place of the last.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from bots.cards.card import Card
from bots.cards.page_ref import ListName, PageRef, page_of_press
from bots.cards.press import Press
from bots.dialog import press_checks
from bots.dialog.context import Context
from bots.dialog.handlers import approvals, lists, team, vendors

PAGES: Mapping[ListName, Callable[[Context, PageRef], Awaitable[Card | None]]] = MappingProxyType(
    {
        ListName.requests: lists.requests_page,
        ListName.rfqs: lists.rfqs_page,
        ListName.vendors: vendors.vendors_page,
        ListName.team: team.team_page,
        ListName.worklist: lists.worklist_page,
        ListName.orders: lists.orders_page,
    }
)


async def turn_page(ctx: Context, press: Press) -> str:
    """The page that the button names, as the list is now."""
    ref = page_of_press(press)
    if ref is None:
        return press_checks.log_refused_press(press, "malformed", ctx.translate("cards.not_a_button"))
    if ref.name is ListName.approvals:
        return "" if await approvals.show_page(ctx, ref) else ctx.translate("lists.no_approvals")
    card = await PAGES[ref.name](ctx, ref)
    if card is None:
        return ctx.translate("lists.empty_now")
    if ctx.origin.message_id and ref.name is not ListName.orders:
        await ctx.responder.edit(ctx.origin.message_id, card)
    else:
        await ctx.show(card)
    return ""
