"""The staff, for administrators: who has which role, and who is not linked to a chat.

One rule: roles are shown here and changed on the command line only.
"""

from api.contract import endpoints as e
from api.contract.people import MemberOut
from bots.cards import phrases
from bots.cards.card import Card
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage
from bots.dialog.more import PAGE, not_shown

MAX_PEOPLE = 30
ROLES = ("requester", "officer", "manager", "finance", "admin", "auditor")


async def team(ctx: Context, message: IncomingMessage) -> None:
    """/team, /team manager, or those whose name or address contains the text."""
    page = await ctx.api.call(e.list_people, None, query={"limit": str(PAGE), **_filters(ctx, message.args)})
    if not page.items:
        await ctx.responder.text(ctx.translate("lists.no_people"))
        return
    await ctx.show(
        Card(
            ctx.translate("lists.team"),
            facts=not_shown(
                ctx, "lists.more_people", page.items, MAX_PEOPLE, cut=page.next_cursor is not None
            ),
            items=tuple(_line(ctx, member) for member in page.items[:MAX_PEOPLE]),
            more=ctx.translate("cards.more", n="{n}"),
        )
    )


def _filters(ctx: Context, text: str) -> dict[str, str]:
    """A role, by its own name or as the person calls it; else a part of a name."""
    for role in ROLES:
        if text.casefold() in (role, phrases.role(role, ctx.locale).casefold()):
            return {"role": role}
    return {"q": text[:60]} if text else {}


def _line(ctx: Context, member: MemberOut) -> str:
    roles = ", ".join(phrases.role(role, ctx.locale) for role in member.roles)
    chats = ", ".join(platform.capitalize() for platform in member.chats) or ctx.translate("lists.no_chat")
    text = f"{member.name} · {roles} · {chats}"
    return text if member.active else f"{text} · {ctx.translate('lists.disabled')}"
