"""What a finished one-answer form does: reject, ask, answer, comment, decline, propose, withdraw, cancel.

One rule: the words are the person's, the effect is one call.
"""

from api.contract.approvals import DecisionIn
from api.contract.awards import ProposeIn
from api.contract.quotes import DeclineIn, WithdrawQuoteIn
from api.contract.requests import CancelIn, WithdrawIn
from bots.cards.card import Card
from bots.forms.form import Trouble
from bots.forms.saying import PROMPTS, Saying, SayingValues
from bots.talk.place import Kept
from bots.talk.turn import Turn

Told = tuple[Card, str, Kept | None]


async def say_it(turn: Turn, values: SayingValues, key: str) -> Told:
    """Call what these words are for; what the person sees instead of the question."""
    match values.saying:
        case Saying.reject | Saying.ask:
            return await _decide(turn, values, key)
        case Saying.answer:
            await turn.api.approvals.answer(values.id, values.text, key=key)
            return _card(turn, "forms.answer.sent")
        case Saying.comment:
            await turn.api.requests.comment(values.id, values.text, key=key)
            return _card(turn, "forms.comment.sent", number=values.about)
        case Saying.no_bid:
            rfq = await turn.api.quotes.decline(values.id, DeclineIn(reason=values.text), key=key)
            return _card(turn, "forms.decline.sent", number=rfq.number)
        case Saying.propose:
            return await _propose(turn, values, key)
        case Saying.withdraw_request:
            withdrawal = WithdrawIn(expected_version=values.version, reason=values.text)
            request = await turn.api.requests.withdraw(values.id, withdrawal, key=key)
            return _card(turn, "forms.withdraw.sent", number=request.number)
        case Saying.cancel_request:
            cancellation = CancelIn(expected_version=values.version, reason=values.text)
            request = await turn.api.requests.cancel(values.id, cancellation, key=key)
            return _card(turn, "forms.cancel_request.sent", number=request.number)
        case Saying.withdraw_quote:
            body = WithdrawQuoteIn(reason=values.text, expected_version=values.version)
            quote = await turn.api.quotes.withdraw(values.id, body, key=key)
            return _card(turn, "forms.withdraw.sent", number=quote.number)


async def said_or_asked(turn: Turn, values: SayingValues, words: str) -> None:
    """Do it with the words that were typed behind a command; without any, ask for them."""
    if not words:
        await turn.ask(await turn.begin("saying", values))
        return
    text = PROMPTS[values.saying].read(words, turn.asking)
    if isinstance(text, Trouble):
        await turn.voice.text(text.text)
        return
    filled = values.model_copy(update={"text": text})
    card, _, kept = await say_it(turn, filled, turn.key(values.saying.value))
    await turn.show(card, kept)


async def _decide(turn: Turn, values: SayingValues, key: str) -> Told:
    body = DecisionIn.model_validate(
        {
            "approval_id": values.id,
            "verb": values.saying.value,
            "expected_version": values.version,
            "comment": values.text,
        }
    )
    approval = await turn.api.approvals.decide(body, key=key)
    told = "forms.rejected.sent" if values.saying is Saying.reject else "forms.ask.sent"
    return _card(turn, told, title=approval.title, person=approval.requested_by_name)


async def _propose(turn: Turn, values: SayingValues, key: str) -> Told:
    body = ProposeIn.model_validate(
        {"quote_id": values.other, "reason": values.text, "expected_version": values.version}
    )
    rfq = await turn.api.awards.propose(values.id, body, key=key)
    return _card(turn, "forms.propose.sent", number=rfq.number)


def _card(turn: Turn, key: str, **facts: object) -> Told:
    told = turn.say(key, **facts)
    return Card(told), told, None
