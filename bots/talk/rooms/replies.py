"""Replies to a card or to a question: they belong to what they reply to, even while a form is open."""

from bots.forms.quote_values import QuoteValues
from bots.talk import quoting
from bots.talk.rooms import comments, verdicts
from bots.talk.rooms.approvals import answer_by_reply
from bots.talk.said import Said
from bots.talk.turn import Turn


async def replied(turn: Turn, said: Said) -> bool:
    """A vendor's reply to an RFQ card is a quote, a requester's to a question its answer, an approver's a verdict;
    what is none of these may become a comment.

    False when it is a reply to something else, whose words stand for themselves.
    """
    if said.reply is None:
        return False
    if not turn.is_vendor:
        return (
            await verdicts.by_words(turn, said)
            or await answer_by_reply(turn, said)
            or await comments.by_reply(turn, said)
        )
    rfq_id = quoting.replied_to(said)
    open_ = await turn.open_form() if rfq_id else None
    same = open_ and isinstance(open_.values, QuoteValues) and open_.values.rfq_id == rfq_id
    if rfq_id is None or same:
        return False
    await quoting.place(turn, said, said.text)
    return True
