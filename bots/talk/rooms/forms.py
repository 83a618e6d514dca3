"""Open forms: typed answers, pressed choices, Back, Cancel and /cancel.

One rule: a form ends only by its last button or answer; what it then does is in ``finish``.
"""

from dataclasses import replace

import structlog

from bots.cards.card import Card
from bots.cards.press import Press
from bots.client.errors import Conflict, InFlight, NotFound, Refused, Stale
from bots.forms import engine
from bots.forms.engine import Moved, Open
from bots.forms.form import CANCEL
from bots.talk import claims
from bots.talk.finish import Outcome, finish
from bots.talk.said import Said
from bots.talk.turn import Turn

log = structlog.get_logger()

TRIES = 3
LONGEST_QUOTED = 200


async def cancel(turn: Turn, said: Said) -> None:
    """Leave the open form; nothing is sent."""
    open_ = await turn.open_form()
    if open_ is None:
        await turn.voice.text(turn.say("forms.nothing_open"))
        return
    await _left(turn, open_)


async def choose(turn: Turn, claim: Press) -> str:
    """A button of a form; one of an older question shows what is asked now."""
    for attempt in range(TRIES):
        open_ = await turn.open_form()
        if open_ is None:
            return claims.refused(claim, "closed", turn.say("forms.closed"))
        if open_.nonce != claim.id:
            return claims.refused(claim, "other_form", turn.say("forms.other_open"))
        if claim.arg == CANCEL:
            await _left(turn, open_, turn.place.message_id)
            return ""
        if open_.version != claim.version:
            await turn.ask(open_, message_id=turn.place.message_id)
            return claims.refused(claim, "moved_on", turn.say("forms.moved_on"))
        try:
            return await settle(turn, engine.pressed(open_, claim.arg, turn.asking), turn.place.message_id)
        except Stale as stale:
            if attempt == TRIES - 1 or stale.problem.facts.get("what") != "draft":
                raise
    return ""


async def typed(turn: Turn, said: Said) -> bool:
    """Words while a form is open are its answer; False when none is.

    Words that come again may be older than the question: whoever said them did not know it.
    """
    for attempt in range(TRIES):
        open_ = await turn.open_form()
        if open_ is None:
            return False
        if open_.heard == turn.update_key:
            await turn.ask(open_)
            return True
        if said.late_from and open_.asked_at and said.late_from < open_.asked_at:
            log.info("update.refused", code="older_than_the_question")
            await turn.voice.text(turn.say("forms.heard_late", text=said.text.strip()[:LONGEST_QUOTED]))
            return True
        hearing = replace(open_, heard=turn.update_key)
        try:
            await _answered(turn, hearing, said.text)
        except Stale as stale:
            if attempt == TRIES - 1 or stale.problem.facts.get("what") != "draft":
                raise
        else:
            return True
    raise AssertionError("unreachable")


async def _answered(turn: Turn, open_: Open, text: str) -> None:
    """Words are an answer, or the label of a button."""
    choice = engine.labelled(open_, text, turn.asking)
    if choice == CANCEL:
        await _left(turn, open_)
    elif choice is not None:
        moved = engine.pressed(open_, choice, turn.asking)
        await settle(turn, moved)
    else:
        await settle(turn, engine.typed(open_, text, turn.asking))


async def settle(turn: Turn, moved: Moved, message_id: str = "") -> str:
    """Keep and show what a move led to, or do what the form was for."""
    if moved.done is not None:
        return await _done(turn, moved, message_id)
    if moved.trouble:
        if message_id:
            return moved.trouble
        await turn.ask(moved.open, trouble=moved.trouble)
        return ""
    await turn.ask(await turn.keep(moved.open), message_id=message_id)
    return ""


async def _done(turn: Turn, moved: Moved, message_id: str) -> str:
    assert moved.done is not None
    try:
        outcome = await finish(turn, moved.open, moved.done)
    except InFlight:
        raise
    except (Conflict, Refused, NotFound):
        if moved.open.form != "request":
            await turn.end(moved.open)
        raise
    if outcome.trouble:
        await turn.ask(moved.open, message_id=message_id, trouble=outcome.trouble)
        return ""
    if outcome.follow is not None:
        await turn.end(moved.open)
        await turn.ask(await turn.begin("quote", outcome.follow), message_id=message_id)
        return ""
    await _tell(turn, outcome, message_id)  # first: the form is still there if the chat does not take it
    back = await turn.end(moved.open)
    if back is not None:
        await turn.ask(back)
    return outcome.short


async def _tell(turn: Turn, outcome: Outcome, message_id: str) -> None:
    """The outcome takes the place of the form's last question."""
    if outcome.card is None:
        return
    if message_id:
        await turn.turn_into(message_id, outcome.card, outcome.kept)
    else:
        await turn.show(outcome.card, outcome.kept)


async def _left(turn: Turn, open_: Open, message_id: str = "") -> None:
    back = await turn.end(open_)
    card = Card(turn.say("forms.cancelled"))
    if message_id:
        await turn.voice.edit(message_id, card)
    else:
        await turn.voice.post(card)
    if back is not None:
        await turn.ask(back)
