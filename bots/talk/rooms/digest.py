"""The digest at any time, and its own buttons: do not disturb for an hour, or until tomorrow."""

from api.contract import endpoints as e
from api.contract.preferences import PreferencesPatch, SnoozeIn
from api.text import moment
from bots.cards.digest import for_person
from bots.cards.press import Press
from bots.talk.said import Said
from bots.talk.turn import Turn

HOW_LONG = {"hour": SnoozeIn.hour, "tomorrow": SnoozeIn.tomorrow}


async def show(turn: Turn, said: Said) -> None:
    """What waits, what moved, what closes soon, as it stands now."""
    await turn.show(for_person(await turn.api.call(e.my_digest, None), turn.viewer))


async def by_command(turn: Turn, said: Said) -> None:
    """/snooze hour, or /snooze until tomorrow's digest."""
    await turn.voice.text(await _until(turn, said.args.casefold()))


async def snooze(turn: Turn, claim: Press) -> str:
    """Until when nothing but what is urgent is told."""
    return await _until(turn, claim.arg)


async def _until(turn: Turn, how_long: str) -> str:
    wanted = PreferencesPatch(snooze=HOW_LONG.get(how_long, SnoozeIn.tomorrow))
    after = await turn.api.call(e.change_preferences, wanted, key=turn.key("snooze"))
    if after.snoozed_until is None:
        return ""
    return turn.say("digest.snoozed", moment=moment(after.snoozed_until, turn.locale, after.zone))
