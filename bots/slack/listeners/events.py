"""Events: words and files in the conversation, the home tab, and the app being taken out of a workspace.

One rule: an event is answered when it is done, and one that is not is delivered again, up to three times; its id
is remembered, so that it is done once.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest

from api.contract.groups import GroupMovedIn, GroupReachIn
from bots.cards.sending import RetryLater
from bots.client.errors import NotLinked
from bots.client.wire import Sender
from bots.slack import home
from bots.slack.desk import Coming, Desk, Work
from bots.slack.files import SlackFile
from bots.slack.patience import Late, NotYet, arrived
from bots.slack.payloads import Event, Joined, Message, Opened, Removed, Renamed, original, words
from bots.slack.telling import in_dm, told
from bots.slack.views import View
from bots.slack.workspaces import Workspaces
from bots.talk import tables
from bots.talk.said import Original, Said
from bots.talk.turn import Guest
from bots.talk.voice import patiently

SPOKEN = ("", "file_share", "thread_broadcast")
LAST_TRY = 3
"""Slack's number of it: at once, after a minute, after five."""


class Events:
    """The listeners of one desk."""

    def __init__(self, desk: Desk, workspaces: Workspaces, api_base: str) -> None:
        self._desk = desk
        self._workspaces = workspaces
        self._api_base = api_base
        self._going: dict[str, asyncio.Task[None]] = {}

    async def message(self, ack: AsyncAck, body: dict[str, Any], request: AsyncBoltRequest) -> None:
        """Words or files in the conversation with us; anything else is not for us."""
        event = Event.model_validate(body)
        message = Message.model_validate(event.event)
        spoken = message.subtype in SPOKEN and not message.bot_id and message.user
        if spoken and message.channel_type == "im":
            coming = _coming(event, message.user, request, f"{message.channel}:{message.ts}")
            late_from = message.said_at if _tries(request) else None
            work = partial(self._heard, message=message, late_from=late_from)
            await self._once(event, lambda: self._answered(coming, work))
        await ack()

    async def opened(self, ack: AsyncAck, body: dict[str, Any], request: AsyncBoltRequest) -> None:
        """The home tab is drawn when it is looked at."""
        event = Event.model_validate(body)
        seen = Opened.model_validate(event.event)
        if seen.tab == "home":
            coming = _coming(event, seen.user, request)
            await self._once(event, lambda: self._answered(coming, self._home))
        await ack()

    async def joined(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Somebody is in a channel; when that is our app, requests can be shown there again."""
        event = Event.model_validate(body)
        await self._once(event, lambda: self._back(event, Joined.model_validate(event.event)))
        await ack()

    async def renamed(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A channel has another id: what is shown there goes on there."""
        event = Event.model_validate(body)
        await self._once(event, lambda: self._moved(event, Renamed.model_validate(event.event)))
        await ack()

    async def removed(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """The app was taken out, or its token is no longer good: forget it; once, for it may be back meanwhile."""
        event = Event.model_validate(body)
        if Removed.model_validate(event.event).for_good:
            await self._once(event, lambda: self._gone(event))
        await ack()

    async def other(self, ack: AsyncAck) -> None:
        """Nothing of ours; told so once, or it would come again."""
        await ack()

    async def _once(self, event: Event, work: Callable[[], Awaitable[None]]) -> None:
        """Do it, unless it was done; one that comes again meanwhile waits for the first. NotYet: it comes again."""
        going = self._going.get(event.event_id)
        if going is None:
            going = self._desk.patience.begin(self._unless_done(event.event_id, work))
            self._going[event.event_id] = going
            going.add_done_callback(lambda _: self._going.pop(event.event_id))
        try:
            await self._desk.patience.outcome(going, arrived())
        except (Late, RetryLater) as unknown:
            raise NotYet from unknown

    async def _unless_done(self, event_id: str, work: Callable[[], Awaitable[None]]) -> None:
        if not await self._desk.done.has(event_id):
            await work()
            await self._desk.done.add(event_id)

    async def _answered(self, coming: Coming, work: Work) -> None:
        """What this person did, and what they are told; it is done when Slack took the words."""
        answer = await self._desk.words(coming, work)
        if answer:
            await told(answer, in_dm(self._desk.outbound, coming.external_id), unless=(RetryLater,))

    async def _back(self, event: Event, seen: Joined) -> None:
        workspace = await self._workspaces.of(event.team_id)
        if workspace is not None and seen.user == workspace.bot_user_id:
            await self._found(event, seen.channel)

    async def _moved(self, event: Event, seen: Renamed) -> None:
        """Whoever spoke to the old id meanwhile has taken it for lost."""
        before, after = [f"{event.team_id}:{each}" for each in (seen.old_channel_id, seen.new_channel_id)]
        moved = GroupMovedIn(platform="slack", chat_id=before, moved_to=after, kept=True)
        api = self._desk.client.for_bot(Sender(channel="slack"))
        await api.groups.moved(moved, key=f"sl:{event.team_id}:{event.event_id}:moved")
        await self._found(event, seen.new_channel_id)

    async def _found(self, event: Event, channel: str) -> None:
        """Our app is in this channel."""
        reach = GroupReachIn(platform="slack", chat_id=f"{event.team_id}:{channel}", reachable=True)
        api = self._desk.client.for_bot(Sender(channel="slack"))
        await api.groups.reach(reach, key=f"sl:{event.team_id}:{event.event_id}")

    async def _gone(self, event: Event) -> None:
        """An installation that was made since is another one."""
        installations = self._desk.client.for_bot(Sender(channel="slack")).installations
        found = await installations.show(event.team_id)
        if found is not None and found.installed_at.timestamp() < event.event_time + 1:
            await installations.revoke(event.team_id)
        self._workspaces.forget(event.team_id)

    async def _heard(self, guest: Guest, message: Message, late_from: dt.datetime | None) -> str:
        turn = await self._desk.turn(guest)
        reply = await self._parent(guest, message)
        files = await self._files(guest, message)
        said = Said(text=words(message.text), reply=reply, files=files, late_from=late_from)
        await (tables.dropped(turn, said) if said.files else tables.words(turn, said))
        return ""

    async def _parent(self, guest: Guest, message: Message) -> Original | None:
        """The message whose thread this is."""
        if message.thread_ts in ("", message.ts):
            return None
        answer = await patiently(
            lambda: self._desk.outbound.call(
                guest.place.chat_id,
                lambda client: client.conversations_replies(
                    channel=message.channel, ts=message.thread_ts, limit=1
                ),
            )
        )
        found = answer.get("messages") or []
        return original(Message.model_validate(found[0])) if found else None

    async def _files(self, guest: Guest, message: Message) -> tuple[SlackFile, ...]:
        workspace = (
            await self._workspaces.of(guest.place.chat_id.partition(":")[0]) if message.files else None
        )
        if workspace is None:
            return ()
        return tuple(SlackFile(file, workspace.bot_token, self._api_base) for file in message.files)

    async def _home(self, guest: Guest) -> str:
        await publish(self._desk, guest)
        return ""


def _coming(event: Event, user_id: str, request: AsyncBoltRequest, message_id: str = "") -> Coming:
    """Who did it; what fails at the last try is not tried again."""
    return Coming(event.team_id, user_id, event.event_id, message_id, comes_again=_tries(request) < LAST_TRY)


def _tries(request: AsyncBoltRequest) -> int:
    """How often Slack has delivered this before."""
    [told, *_] = request.headers.get("x-slack-retry-num") or ["0"]
    return int(told) if told.isdecimal() else 0


async def publish(desk: Desk, guest: Guest) -> None:
    """Draw the home tab of this person as it is now."""
    user = guest.place.external_id.partition(":")[2]
    view: View
    try:
        view = await home.of(await desk.turn(guest))
    except NotLinked:
        view = home.unlinked(guest.locale)
    await patiently(
        lambda: desk.outbound.call(
            guest.place.chat_id, lambda client: client.views_publish(user_id=user, view=view)
        )
    )
