"""Asking for something: /request with a line or alone, and taking it back.

One rule: nothing is posted before Submit; the draft card names every field that was understood.
"""

from bots.cards.press import Op, Press
from bots.forms.request import started
from bots.forms.saying import Saying, SayingValues
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
    saying = Saying.withdraw_request if claim.op is Op.withdraw_request else Saying.cancel_request
    values = SayingValues(saying=saying, id=claim.id, version=claim.version, about=shown.number)
    await turn.ask(await turn.begin("saying", values))
    return ""
