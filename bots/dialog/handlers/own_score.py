"""/score: how the vendor that somebody works for is measured, with every figure's n and window, and why."""

from api.contract import endpoints as e
from api.text.vendor_scores import in_full, none_yet
from bots.cards.card import Card
from bots.client.errors import ApiNotFound
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage


async def show_own(ctx: Context, message: IncomingMessage) -> None:
    """The own score and no other; while there is none, what it needs."""
    try:
        score = await ctx.api.call(e.my_score, None)
    except ApiNotFound:
        await ctx.responder.text(none_yet(ctx.locale))
        return
    title = ctx.translate("scores.own")
    await ctx.show(Card(title, facts=in_full(score, ctx.locale), locale=ctx.locale))
