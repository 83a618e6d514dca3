"""The history of a purchase as the log has it, wherever it happened: the newest event first."""

from api.contract import endpoints as e
from api.contract.requests import TimelineItem
from api.text import moment, translate
from bots.cards.card import Card
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
