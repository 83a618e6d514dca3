"""Words to an approval card: "ok", "approved", "no, too dear".

One rule: words never decide. From a person who may decide they bring a button; from anybody else nothing.
"""

from api.contract.approvals import ApprovalOut, DecisionIn
from api.language import VerdictReading, read_verdict
from bots.cards.card import Button, Card, Style, rows_of
from bots.cards.press import Op, Press
from bots.forms.reading import SHORTEST
from bots.forms.saying import Saying
from bots.talk.rooms import approvals
from bots.talk.said import Said
from bots.talk.turn import Turn

_ABOUT_APPROVAL = (Op.approve, Op.reject, Op.ask)


async def by_words(turn: Turn, said: Said) -> bool:
    """A verdict in reply to an approval card; False when these words are something else."""
    claim = _claim(said)
    reading = read_verdict(said.text, turn.locale) if claim is not None else None
    if claim is None or reading is None:
        return False
    approval = await turn.api.approvals.show(claim.id)
    if not approval.may_decide:
        return True
    if reading.verb == "approve":
        await turn.show(_to_confirm(turn, approval, claim.version, said.text))
    else:
        await _to_reject(turn, approval, claim.version, reading)
    return True


async def confirm(turn: Turn, claim: Press) -> str:
    """The button under what was said: now it is decided, and the button goes."""
    body = DecisionIn.model_validate(
        {"approval_id": claim.id, "verb": "approve", "expected_version": claim.version}
    )
    approval = await turn.api.approvals.decide(body, key=turn.press_key(claim))
    told = approvals.outcome_of(approval, turn)
    await turn.voice.edit(turn.place.message_id, Card(told))
    return told


def _claim(said: Said) -> Press | None:
    presses = said.reply.presses if said.reply is not None else ()
    return next((press for press in presses if press.op in _ABOUT_APPROVAL), None)


def _to_confirm(turn: Turn, approval: ApprovalOut, version: int, words: str) -> Card:
    press = Press(Op.approve_said, approval.id, version)
    return Card(
        turn.say("forms.saying.review", text=words.strip()),
        facts=(approval.title,),
        buttons=rows_of(Button(turn.say("buttons.approve"), press, Style.good)),
    )


async def _to_reject(turn: Turn, approval: ApprovalOut, version: int, reading: VerdictReading) -> None:
    """With a reason it only waits for the button; without one the reason is asked."""
    values = approvals.about(approval, Saying.reject, version)
    if len(reading.comment) >= SHORTEST:
        values = values.model_copy(update={"text": reading.comment})
    await turn.ask(await turn.begin("saying", values))
