"""The staff, for administrators: who has which role, and who is not linked to a chat.

One rule: roles are shown here, and changed by API or on the command line.
"""

from typing import get_args

from api.contract import endpoints as e
from api.contract.people import MemberOut, StaffRole
from api.text import comma_separated
from bots.cards import phrases
from bots.cards.card import Card
from bots.cards.page_ref import ListName, PageRef
from bots.dialog.context import Context
from bots.dialog.handlers.lists import show_or_say
from bots.dialog.message import IncomingMessage
from bots.dialog.pager import place, turn_buttons

MAX_PEOPLE = 30
ROLES: tuple[str, ...] = get_args(StaffRole)


async def team(ctx: Context, message: IncomingMessage) -> None:
    """/team, /team manager, or those whose name or address contains the text."""
    card = await team_page(ctx, PageRef(ListName.team, message.args[:60]))
    await show_or_say(ctx, card, "lists.no_people")


async def team_page(ctx: Context, ref: PageRef) -> Card | None:
    """Some of them, the newest first."""
    query = {**_filters(ctx, ref.text), **ref.query(MAX_PEOPLE)}
    page = await ctx.api.call(e.list_people, None, query=query)
    if not page.items:
        return None
    return Card(
        ctx.translate("lists.team"),
        facts=place(ctx, page, len(page.items)),
        items=tuple(_line(ctx, member) for member in page.items),
        buttons=turn_buttons(ctx, ref, page, page.items),
        more=ctx.translate("cards.more", n="{n}"),
    )


def _filters(ctx: Context, text: str) -> dict[str, str]:
    """A role, by its own name or as the person calls it; else a part of a name."""
    for role in ROLES:
        if text.casefold() in (role, phrases.role(role, ctx.locale).casefold()):
            return {"role": role}
    return {"q": text[:60]} if text else {}


def _line(ctx: Context, member: MemberOut) -> str:
    roles = comma_separated((phrases.role(role, ctx.locale) for role in member.roles), ctx.locale)
    chats = comma_separated((platform.capitalize() for platform in member.chats), ctx.locale)
    text = f"{member.name} · {roles} · {chats or ctx.translate('lists.no_chat')}"
    return text if member.active else f"{text} · {ctx.translate('lists.disabled')}"
