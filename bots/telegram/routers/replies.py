"""Replies to a card or to a question: they belong to what they reply to, even while a form is open."""

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import Message

from bots.forms.quote_values import QuoteValues
from bots.telegram import quoting
from bots.telegram.routers.approvals import answer_by_reply
from bots.telegram.turn import Turn


async def replied(message: Message, turn: Turn) -> None:
    """A vendor's reply to an RFQ card is a quote; a requester's reply to a question is its answer."""
    if turn.is_vendor:
        rfq_id = quoting.replied_to(message)
        open_ = await turn.open_form() if rfq_id else None
        same = open_ and isinstance(open_.values, QuoteValues) and open_.values.rfq_id == rfq_id
        if rfq_id is None or same:
            raise SkipHandler
        await quoting.place(turn, message, message.text or "")
    elif not await answer_by_reply(turn, message):
        raise SkipHandler


def make_router() -> Router:
    """A fresh router: aiogram lets one have one parent only."""
    router = Router(name="replies")
    router.message.register(replied, F.reply_to_message, F.text, ~F.text.startswith("/"))
    return router
