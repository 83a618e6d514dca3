"""Groups: /link and /unlink, typed in the group that is meant, and what else is said or pressed there.

One rule: nothing is answered in a group; whoever spoke there reads the answer in their own conversation.
"""

from api.contract.groups import GroupMovedIn, GroupOut, GroupReachIn
from bots.cards.press import Op
from bots.forms.binding import BindingValues, Option
from bots.talk.place import Group
from bots.talk.said import Said
from bots.talk.turn import Guest, Turn

PRESSED_IN_GROUPS = frozenset({Op.open_request})
"""What the cards in groups offer: nothing that changes anything."""


async def link(turn: Turn, said: Said) -> None:
    """Ask what this group is to show; the administrator's right is asked of the system."""
    group = turn.place.group
    if group is None:
        await turn.voice.text(turn.say("groups.only_in_a_group", command="/link"))
        return
    known = await turn.api.groups.listing()
    values = BindingValues(
        platform=turn.place.platform,
        chat_id=group.chat_id,
        title=group.title,
        kind=group.kind,
        options=[Option(kind=each.kind, code=each.code, name=each.name) for each in known.places],
    )
    await turn.ask(await turn.begin("binding", values))


async def unlink(turn: Turn, said: Said) -> None:
    """No new request is shown there from now on."""
    group = turn.place.group
    if group is None:
        await turn.voice.text(turn.say("groups.only_in_a_group", command="/unlink"))
        return
    bound = _this_one(turn, group, (await turn.api.groups.listing()).items)
    if bound is None:
        await turn.voice.text(turn.say("groups.not_bound", title=group.title))
        return
    await turn.api.groups.unbind(bound.id, key=turn.key("unlink"))
    await turn.voice.text(turn.say("groups.unbound", title=bound.title))


async def bind(turn: Turn, values: BindingValues, key: str) -> str:
    """What was chosen is true from now on."""
    bound = await turn.api.groups.bind(values.body(), key=key)
    place = turn.say(f"groups.{bound.place.kind.value}", name=bound.place.name)
    return turn.say("groups.bound", title=bound.title, place=place)


async def moved(guest: Guest, chat_id: str, moved_to: str) -> None:
    """The platform gave the group another id."""
    body = GroupMovedIn(platform=guest.place.platform, chat_id=chat_id, moved_to=moved_to)
    await guest.api.groups.moved(body, key=f"{guest.root}:moved:{chat_id}:{moved_to}")


async def heard(guest: Guest, chat_id: str, *, reachable: bool) -> None:
    """We were taken out of the group, or are in it again."""
    body = GroupReachIn(platform=guest.place.platform, chat_id=chat_id, reachable=reachable)
    await guest.api.groups.reach(body, key=f"{guest.key}:group")


def _this_one(turn: Turn, group: Group, bound: tuple[GroupOut, ...]) -> GroupOut | None:
    here = (turn.place.platform, group.chat_id)
    return next((each for each in bound if (each.platform, each.chat_id) == here), None)
