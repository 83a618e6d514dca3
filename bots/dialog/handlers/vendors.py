"""The vendor file in chat: who there is, and a one-time invitation for a contact.

One rule: only the person who asked for a code reads it.
"""

from collections.abc import Iterable
from uuid import UUID

from api.contract import endpoints as e
from api.contract.people import LinkIn
from api.contract.rfqs import InvitationOut
from api.contract.vendor_links import VendorLinkIn
from api.contract.vendors import VendorOut, VendorState
from api.text import comma_separated, moment
from bots.cards.card import Card
from bots.cards.page_ref import ListName, PageRef
from bots.client.errors import ApiInvalid
from bots.dialog.context import Context
from bots.dialog.handlers.lists import show_or_say
from bots.dialog.message import IncomingMessage
from bots.dialog.pager import place, turn_buttons

MAX_VENDORS, MAX_FOUND = 20, 100


async def vendors(ctx: Context, message: IncomingMessage) -> None:
    """/vendors, or those whose name or category contains the text."""
    card = await vendors_page(ctx, PageRef(ListName.vendors, message.args[:60]))
    await show_or_say(ctx, card, "lists.no_vendors")


async def vendors_page(ctx: Context, ref: PageRef) -> Card | None:
    """Some of them, the newest first."""
    query = ({"q": ref.text} if ref.text else {}) | ref.query(MAX_VENDORS)
    page = await ctx.api.call(e.list_vendors, None, query=query)
    if not page.items:
        return None
    return Card(
        ctx.translate("lists.vendors"),
        facts=place(ctx, page, len(page.items)),
        items=tuple(_line(ctx, vendor) for vendor in page.items),
        buttons=turn_buttons(ctx, ref, page, page.items),
    )


async def invite(ctx: Context, message: IncomingMessage) -> None:
    """/invite Alder Computing: a code for its first contact, once, for seven days."""
    found = await _search(ctx, message.args) if message.args else []
    exact = [vendor for vendor in found if vendor.name.casefold() == message.args.casefold()]
    matches = exact or found
    if not matches:
        await ctx.responder.text(ctx.translate("lists.no_vendors"))
        return
    if len(matches) > 1:
        names = comma_separated((vendor.name for vendor in matches[:5]), ctx.locale)
        await ctx.responder.text(ctx.translate("lists.which_vendor", names=names))
        return
    await ctx.responder.text(await _link_text(ctx, matches[0].id, matches[0].name))


async def links_to_hand_over(
    ctx: Context, rfq_id: UUID, invitations: Iterable[InvitationOut]
) -> tuple[str, ...]:
    """For each of these vendors that nobody can write to: the links that somebody hands over, to chat or browser."""
    return tuple(
        [
            f"{ctx.translate('forms.rfq.no_chat', vendor=each.vendor_name)} "
            f"{await _link_text(ctx, each.vendor_id, each.vendor_name)} "
            f"{await _portal_text(ctx, rfq_id, each.vendor_id)}"
            for each in invitations
            if not each.has_chat
        ]
    )


async def _link_text(ctx: Context, vendor_id: UUID, name: str) -> str:
    link = await ctx.api.call(e.link_vendor, LinkIn(), path={"id": vendor_id})
    until = moment(link.expires_at, ctx.locale, ctx.me.zone)
    facts = {"vendor": name, "moment": until, "code": link.code, "url": link.url}
    return ctx.translate("link.invitation", **facts)


async def _portal_text(ctx: Context, rfq_id: UUID, vendor_id: UUID) -> str:
    """The RFQ in a browser, without an account; nothing for a vendor whom no code would reach."""
    try:
        link = await ctx.api.call(e.link_to_rfq, VendorLinkIn(vendor_id=vendor_id), path={"id": rfq_id})
    except ApiInvalid:
        return ""
    return ctx.translate("link.portal", moment=moment(link.expires_at, ctx.locale, ctx.me.zone), url=link.url)


async def _search(ctx: Context, text: str) -> list[VendorOut]:
    query = {"limit": str(MAX_FOUND)} | ({"q": text[:60]} if text else {})
    return list((await ctx.api.call(e.list_vendors, None, query=query)).items)


def _line(ctx: Context, vendor: VendorOut) -> str:
    parts = [vendor.name, vendor.category, vendor.currency]
    if vendor.state is VendorState.on_hold:
        parts.append(ctx.translate(f"states.vendor.{vendor.state}"))
    if not any(contact.linked for contact in vendor.contacts):
        parts.append(ctx.translate("lists.no_chat"))
    return " · ".join(parts)
