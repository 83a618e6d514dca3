"""Being away: /delegate @colleague until 2026-12-05, who decides for whom now, and its end.

One rule: the API says who could stand in; a name that was typed is looked for among them.
"""

from collections.abc import Sequence

from api.contract.delegations import DelegationOut
from bots.cards import delegation as card
from bots.cards.card import Card
from bots.cards.press import Press
from bots.forms import delegate as form
from bots.forms.delegate import DelegateValues
from bots.forms.form import Trouble
from bots.talk.said import Said
from bots.talk.turn import Turn

MAY = "delegations:make"


async def delegate(turn: Turn, said: Said) -> None:
    """With a name and a day it is made; alone it shows what counts now, or asks. /delegate end ends it."""
    found = (await turn.api.delegations.mine()).items
    given = _given(turn, found)
    if said.args.casefold() in ("end", turn.say("buttons.end_delegation").casefold()):
        await _end_typed(turn, found)
        return
    if found:
        await turn.show(card.for_person(found, turn.viewer))
    if given is None:
        await _ask(turn, said.args)


async def begin(turn: Turn, claim: Press) -> str:
    """The same by a button."""
    await delegate(turn, Said(command="delegate"))
    return ""


async def end(turn: Turn, claim: Press) -> str:
    """Back again: the button's card shows what is left."""
    await turn.api.delegations.end(claim.id, key=turn.press_key(claim))
    told = turn.say("forms.delegate.ended")
    if turn.place.message_id:
        left = (await turn.api.delegations.mine()).items
        await turn.voice.edit(
            turn.place.message_id, card.for_person(left, turn.viewer) if left else Card(told)
        )
    return told


async def make(turn: Turn, values: DelegateValues, key: str) -> Card:
    """One call; the card that says so and ends it."""
    made = await turn.api.delegations.make(values.body(), key=key)
    return card.for_person((made,), turn.viewer)


async def current(turn: Turn) -> None:
    """For whom one decides beside oneself, and who decides in one's place; nothing where nobody does."""
    found = (await turn.api.delegations.mine()).items if MAY in turn.me.permissions else ()
    if found:
        await turn.show(card.for_person(found, turn.viewer))


async def _ask(turn: Turn, words: str) -> None:
    values = form.begun((await turn.api.delegations.colleagues()).items)
    if not values.colleagues:
        await turn.voice.text(turn.say("forms.delegate.nobody_there"))
        return
    told = form.told(values, words, turn.asking) if words else values
    if isinstance(told, Trouble):
        await turn.ask(await turn.begin("delegate", values), trouble=told.text)
    elif told.whole:
        await turn.show(await make(turn, told, turn.key("delegate")))
    else:
        await turn.ask(await turn.begin("delegate", told))


async def _end_typed(turn: Turn, found: Sequence[DelegationOut]) -> None:
    """One's own; without one the only one that was received; of several received ones a button says which."""
    given = _given(turn, found)
    one = given or (found[0] if len(found) == 1 else None)
    if one is not None:
        await turn.api.delegations.end(one.id, key=turn.key("end"))
        await turn.voice.text(turn.say("forms.delegate.ended"))
    elif found:
        await turn.show(card.for_person(found, turn.viewer))
    else:
        await turn.voice.text(turn.say("forms.delegate.none"))


def _given(turn: Turn, found: Sequence[DelegationOut]) -> DelegationOut | None:
    return next((each for each in found if each.from_.person_id == turn.me.id), None)
