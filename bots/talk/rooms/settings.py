"""How somebody wants to be spoken to: /settings, /language de."""

from api.contract import endpoints as e
from api.contract.preferences import PreferencesPatch
from api.text import translate
from bots.cards.press import Press
from bots.forms.settings import begun, native
from bots.talk.said import Said
from bots.talk.turn import Turn


async def settings(turn: Turn, said: Said) -> None:
    """What is set now, and a button for each change."""
    now = await turn.api.call(e.my_preferences, None)
    await turn.ask(await turn.begin("settings", begun(now)))


async def begin(turn: Turn, claim: Press) -> str:
    """The same by a button."""
    await settings(turn, Said(command="settings"))
    return ""


async def language(turn: Turn, said: Said) -> None:
    """/language de; alone it offers those that there are."""
    now = await turn.api.call(e.my_preferences, None)
    wanted = said.args.strip().casefold()
    named = next((each for each in now.locales if wanted in (each, native(each).casefold())), None)
    if named is None:
        await turn.ask(await turn.begin("settings", begun(now, "language")))
        return
    await turn.voice.text(await save(turn, PreferencesPatch(locale=named), turn.key("language")))


async def save(turn: Turn, patch: PreferencesPatch, key: str) -> str:
    """Keep it; what is said next, and the command menu, are in the new language at once."""
    await turn.api.call(e.change_preferences, patch, key=key)
    turn.api.forget()
    me = await turn.api.me()
    await turn.voice.menu(me)
    return translate("forms.settings.saved", me.locale)
