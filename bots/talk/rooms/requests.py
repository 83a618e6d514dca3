"""Asking for something: /request with a line or alone, and taking it back.

One rule: nothing is posted before Submit; the draft card names every field that was understood.
"""

from bots.cards.deck import CardKind, draw
from bots.cards.press import Op, Press
from bots.forms.request import started
from bots.forms.saying import Saying, SayingValues
from bots.talk import claims
from bots.talk.said import Said
from bots.talk.turn import Turn


async def request(turn: Turn, said: Said) -> None:
    """A line becomes a draft; without words the form asks question by question."""
    if turn.is_vendor:
        await turn.voice.text(turn.say("forms.not_for_vendors"))
        return
    values = started(said.args, turn.asking)
    await turn.ask(await turn.begin("request", values))


async def take_back(turn: Turn, claim: Press) -> str:
    """Ask why, then withdraw or cancel."""
    shown = await turn.api.requests.show(claim.id)
    mine = claim.op is Op.withdraw_request
    card = draw(CardKind.request if mine else CardKind.officer_request, shown, turn.viewer)
    refusal = claims.refusal(turn, claim, card)
    if refusal:
        return refusal
    saying = Saying.withdraw_request if mine else Saying.cancel_request
    values = SayingValues(saying=saying, id=claim.id, version=claim.version, about=shown.number)
    await turn.ask(await turn.begin("saying", values))
    return ""
