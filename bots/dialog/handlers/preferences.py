"""A person's preferences: /settings, /language de."""

from api.contract import endpoints as e
from api.contract.preferences import PreferencesPatch
from api.text import translate
from bots.cards.press import Press
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage
from bots.forms.preferences import initial_values, native_name


async def preferences(ctx: Context, message: IncomingMessage) -> None:
    """What is set now, and a button for each change."""
    now = await ctx.api.call(e.my_preferences, None)
    await ctx.ask(await ctx.start_form("settings", initial_values(now)))


async def start_preferences(ctx: Context, press: Press) -> str:
    """The same by a button."""
    await preferences(ctx, IncomingMessage(command="settings"))
    return ""


async def language(ctx: Context, message: IncomingMessage) -> None:
    """/language de; alone it offers those that there are."""
    now = await ctx.api.call(e.my_preferences, None)
    wanted = message.args.strip().casefold()
    locale = next((each for each in now.locales if wanted in (each, native_name(each).casefold())), None)
    if locale is None:
        await ctx.ask(await ctx.start_form("settings", initial_values(now, "language")))
        return
    await ctx.responder.text(
        await save_preferences(ctx, PreferencesPatch(locale=locale), ctx.command_key("language"))
    )


async def save_preferences(ctx: Context, patch: PreferencesPatch, key: str) -> str:
    """Save it; the answer and the command menu are in the new language at once."""
    await ctx.api.call(e.change_preferences, patch, key=key)
    ctx.api.forget()
    me = await ctx.api.me()
    await ctx.responder.set_menu(me)
    return translate("forms.settings.saved", me.locale)
