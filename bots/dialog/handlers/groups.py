"""Groups: /link and /unlink, typed in the group that is meant, and what else is typed or pressed there.

One rule: nothing is answered in a group; the answer goes to the private chat of whoever acted there.
"""

from api.contract.groups import GroupMovedIn, GroupOut, GroupReachIn
from api.text import CommandName
from bots.dialog.context import Context, UnlinkedContext
from bots.dialog.message import IncomingMessage
from bots.dialog.origin import GroupOrigin
from bots.forms.binding import BindingOption, BindingValues


async def link_group(ctx: Context, message: IncomingMessage) -> None:
    """Ask what this group is to show; the administrator's right is asked of the system."""
    group = ctx.origin.group
    if group is None:
        await ctx.responder.text(ctx.translate("groups.only_in_a_group", command=CommandName("link")))
        return
    known = await ctx.api.groups.list()
    values = BindingValues(
        platform=ctx.origin.platform,
        chat_id=group.chat_id,
        title=group.title,
        kind=group.kind,
        options=[BindingOption(kind=each.kind, code=each.code, name=each.name) for each in known.places],
    )
    await ctx.ask(await ctx.start_form("binding", values))


async def unlink_group(ctx: Context, message: IncomingMessage) -> None:
    """No new request is shown there from now on."""
    group = ctx.origin.group
    if group is None:
        await ctx.responder.text(ctx.translate("groups.only_in_a_group", command=CommandName("unlink")))
        return
    bound = _bound_group(ctx, group, (await ctx.api.groups.list()).items)
    if bound is None:
        await ctx.responder.text(ctx.translate("groups.not_bound", title=group.title))
        return
    await ctx.api.groups.unbind(bound.id, key=ctx.command_key("unlink"))
    await ctx.responder.text(ctx.translate("groups.unbound", title=bound.title))


async def bind_group(ctx: Context, values: BindingValues, key: str) -> str:
    """What was chosen is true from now on."""
    bound = await ctx.api.groups.bind(values.body(), key=key)
    shown_place = ctx.translate(f"groups.{bound.place.kind.value}", name=bound.place.name)
    return ctx.translate("groups.bound", title=bound.title, place=shown_place)


async def report_migrated(unlinked: UnlinkedContext, chat_id: str, moved_to: str) -> None:
    """The platform gave the group another id."""
    body = GroupMovedIn(platform=unlinked.origin.platform, chat_id=chat_id, moved_to=moved_to)
    await unlinked.bot_api.groups.report_migrated(
        body, key=f"{unlinked.key_prefix}:moved:{chat_id}:{moved_to}"
    )


async def report_reachable(unlinked: UnlinkedContext, chat_id: str, *, reachable: bool) -> None:
    """We were taken out of the group, or are in it again."""
    body = GroupReachIn(platform=unlinked.origin.platform, chat_id=chat_id, reachable=reachable)
    await unlinked.bot_api.groups.report_reachable(body, key=f"{unlinked.update_key}:group")


def _bound_group(ctx: Context, group: GroupOrigin, bound: tuple[GroupOut, ...]) -> GroupOut | None:
    here = (ctx.origin.platform, group.chat_id)
    return next((each for each in bound if (each.platform, each.chat_id) == here), None)
