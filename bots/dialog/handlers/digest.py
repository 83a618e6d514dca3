"""The digest at any time, and pausing notifications for an hour or until tomorrow."""

from api.contract import endpoints as e
from api.contract.preferences import PreferencesPatch, SnoozeIn
from api.text import CommandName, moment
from bots.cards.digest import for_person
from bots.cards.press import Press
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage

SNOOZES = {"hour": SnoozeIn.hour, "tomorrow": SnoozeIn.tomorrow}


async def show_digest(ctx: Context, message: IncomingMessage) -> None:
    """What waits, what moved, what closes soon, as it stands now."""
    await ctx.show(for_person(await ctx.api.call(e.my_digest, None), ctx.viewer))


async def snooze_by_command(ctx: Context, message: IncomingMessage) -> None:
    """/snooze hour, or /snooze until tomorrow's digest, which it means alone too."""
    wanted = message.args.casefold().strip() or "tomorrow"
    if wanted not in SNOOZES:
        text = ctx.translate("digest.snooze_unknown", text=wanted[:40], command=CommandName("snooze"))
        await ctx.responder.text(text)
        return
    await ctx.responder.text(await _snooze_until(ctx, wanted))


async def snooze(ctx: Context, press: Press) -> str:
    """Only urgent notices until then."""
    return await _snooze_until(ctx, press.arg)


async def _snooze_until(ctx: Context, how_long: str) -> str:
    wanted = PreferencesPatch(snooze=SNOOZES[how_long])
    after = await ctx.api.call(e.change_preferences, wanted, key=ctx.command_key("snooze"))
    if after.snoozed_until is None:
        return ""
    return ctx.translate("digest.snoozed", moment=moment(after.snoozed_until, ctx.locale, after.zone))
