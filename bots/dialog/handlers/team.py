"""The staff, for administrators: who has which role, and who is not linked to a chat.

One rule: roles are shown here, and changed on the administration page, by API or on the command line.

Whoever is found alone is shown with the chats that are linked to them, and each can be ended; so are the contacts
of a vendor, who is found when none of the staff is.
"""

import re
from collections.abc import Sequence
from typing import get_args
from uuid import UUID

from api.contract import endpoints as e
from api.contract.people import LinkedChatOut, MemberOut, StaffRole
from api.contract.vendors import ContactOut
from api.text import CommandName, comma_separated, moment
from bots.cards import phrases
from bots.cards.card import Button, ButtonRow, Card, Style, label, rows_of
from bots.cards.page_ref import ListName, PageRef
from bots.cards.press import Op, Press
from bots.dialog.context import Context
from bots.dialog.handlers.lists import show_or_say
from bots.dialog.message import IncomingMessage
from bots.dialog.pager import place, turn_buttons

MAX_PEOPLE = 30
VERSION = 1
"""A link is made and ended, and never changed."""
_UNLINK = re.compile(r"(?P<who>.+?)\s+unlink\s+(?P<platform>telegram|slack)", re.IGNORECASE)
ROLES: tuple[str, ...] = get_args(StaffRole)


async def team(ctx: Context, message: IncomingMessage) -> None:
    """/team, /team manager, those whose name or address contains the text; /team Mara unlink telegram."""
    if (named := _UNLINK.fullmatch(message.args)) is not None:
        await ctx.responder.text(await _unlink_by_command(ctx, named["who"], named["platform"].lower()))
        return
    text = message.args[:60]
    card = await team_page(ctx, PageRef(ListName.team, text))
    if card is None and text:
        card = await _contacts_card(ctx, text)
    await show_or_say(ctx, card, "lists.no_people")


async def team_page(ctx: Context, ref: PageRef) -> Card | None:
    """Some of them, the newest first."""
    query = {**_filters(ctx, ref.text), **ref.query(MAX_PEOPLE)}
    page = await ctx.api.call(e.list_people, None, query=query)
    if not page.items:
        return None
    alone = page.items[0] if len(page.items) == 1 else None
    chats = await _chats(ctx, alone.id) if alone is not None else ()
    return Card(
        ctx.translate("lists.team"),
        facts=place(ctx, page, len(page.items)),
        items=(*(_line(ctx, member) for member in page.items), *(_chat_line(ctx, chat) for chat in chats)),
        buttons=(*_unlink_buttons(ctx, chats), *turn_buttons(ctx, ref, page, page.items)),
        more=ctx.translate("cards.more", n="{n}"),
    )


async def _contacts_card(ctx: Context, text: str) -> Card | None:
    """The contacts of the one vendor with this text in its name or category, and their chats."""
    contacts = await _contacts(ctx, text)
    if not contacts:
        return None
    chats = [chat for contact in contacts for chat in await _chats(ctx, contact.person_id)]
    return Card(
        ctx.translate("lists.vendors"),
        items=(*(contact.name for contact in contacts), *(_chat_line(ctx, chat) for chat in chats)),
        buttons=_unlink_buttons(ctx, chats),
        more=ctx.translate("cards.more", n="{n}"),
    )


async def _contacts(ctx: Context, text: str) -> tuple[ContactOut, ...]:
    found = await ctx.api.call(e.list_vendors, None, query={"q": text, "limit": "2"})
    return found.items[0].contacts if len(found.items) == 1 else ()


async def unlink_chat(ctx: Context, press: Press) -> str:
    """This chat account is nobody's from now on; the card keeps what else there is."""
    await ctx.api.call(e.revoke_link, None, key=ctx.press_key(press), path={"id": press.id})
    outcome = ctx.translate("lists.chat_unlinked")
    if ctx.origin.message_id:
        await ctx.responder.edit(ctx.origin.message_id, Card(outcome, locale=ctx.locale))
    return outcome


async def _unlink_by_command(ctx: Context, who: str, platform: str) -> str:
    """The same, typed: it has to be clear who and which chat is meant."""
    staff = (await ctx.api.call(e.list_people, None, query={"q": who[:60], "limit": "2"})).items
    people = [each.id for each in staff] or [each.person_id for each in await _contacts(ctx, who[:60])]
    if len(people) != 1:
        return ctx.translate("lists.unlink_whom")
    chats = [each for each in await _chats(ctx, people[0]) if each.platform == platform]
    if len(chats) != 1:
        return ctx.translate("lists.unlink_which", command=CommandName("team"))
    key = ctx.command_key("unlink-chat")
    await ctx.api.call(e.revoke_link, None, key=key, path={"id": chats[0].id})
    return ctx.translate("lists.chat_unlinked")


async def _chats(ctx: Context, person_id: UUID) -> tuple[LinkedChatOut, ...]:
    return (await ctx.api.call(e.list_links, None, query={"person_id": str(person_id)})).items


def _chat_line(ctx: Context, chat: LinkedChatOut) -> str:
    since = moment(chat.linked_at, ctx.locale, ctx.me.zone)
    return ctx.translate(
        "lists.linked_chat", platform=chat.platform.capitalize(), chat=chat.display_name, moment=since
    )


def _unlink_buttons(ctx: Context, chats: Sequence[LinkedChatOut]) -> tuple[ButtonRow, ...]:
    """One per chat; two of one platform are told apart by their names."""
    platforms = [each.platform for each in chats]
    return rows_of(
        *(
            Button(
                label(
                    ctx.translate(
                        "buttons.unlink_chat",
                        chat=each.platform.capitalize()
                        if platforms.count(each.platform) == 1
                        else each.display_name,
                    )
                ),
                Press(Op.unlink_chat, each.id, VERSION),
                Style.danger,
            )
            for each in chats
        ),
        per_row=2,
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
