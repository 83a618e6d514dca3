"""Events: words and files in the conversation, the home tab, and the app being taken out of a workspace.

One rule: an event is delivered again until it is answered, and is then done once: its id is remembered.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from api.contract.groups import GroupReachIn
from bots.client.errors import NotLinked
from bots.client.wire import Sender
from bots.slack import home
from bots.slack.desk import Coming, Desk, in_dm, told
from bots.slack.files import SlackFile
from bots.slack.payloads import Event, Joined, Message, Opened, Removed, original, words
from bots.slack.views import View
from bots.slack.workspaces import Workspaces
from bots.talk import tables
from bots.talk.said import Original, Said
from bots.talk.turn import Guest
from bots.talk.voice import patiently

SPOKEN = ("", "file_share", "thread_broadcast")


class Events:
    """The listeners of one desk."""

    def __init__(self, desk: Desk, workspaces: Workspaces, api_base: str) -> None:
        self._desk = desk
        self._workspaces = workspaces
        self._api_base = api_base
        self._going: dict[str, asyncio.Future[None]] = {}

    async def message(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Words or files in the conversation with us; anything else is not for us."""
        event = Event.model_validate(body)
        message = Message.model_validate(event.event)
        spoken = message.subtype in SPOKEN and not message.bot_id and message.user
        if spoken and message.channel_type == "im":
            coming = Coming(event.team_id, message.user, event.event_id, f"{message.channel}:{message.ts}")
            await self._once(event, coming, lambda guest: self._heard(guest, message))
        await ack()

    async def opened(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """The home tab is drawn when it is looked at."""
        event = Event.model_validate(body)
        seen = Opened.model_validate(event.event)
        if seen.tab == "home":
            coming = Coming(event.team_id, seen.user, event.event_id)
            await self._once(event, coming, self._home)
        await ack()

    async def joined(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Somebody is in a channel; when that is our app, requests can be shown there again."""
        event = Event.model_validate(body)
        seen = Joined.model_validate(event.event)
        workspace = await self._workspaces.of(event.team_id)
        if workspace is not None and seen.user == workspace.bot_user_id:
            reach = GroupReachIn(platform="slack", chat_id=f"{event.team_id}:{seen.channel}", reachable=True)
            api = self._desk.client.for_bot(Sender(channel="slack"))
            await api.groups.reach(reach, key=f"sl:{event.team_id}:{event.event_id}")
        await ack()

    async def removed(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """The app was taken out, or its token is no longer good: forget it; once, for it may be back meanwhile."""
        event = Event.model_validate(body)
        gone = Removed.model_validate(event.event)
        if gone.for_good and not await self._desk.done.has(event.event_id):
            await self._desk.client.for_bot(Sender(channel="slack")).installations.revoke(event.team_id)
            self._workspaces.forget(event.team_id)
            await self._desk.done.add(event.event_id)
        await ack()

    async def other(self, ack: AsyncAck) -> None:
        """Nothing of ours; told so once, or it would come again."""
        await ack()

    async def _once(self, event: Event, coming: Coming, work: Callable[[Guest], Awaitable[str]]) -> None:
        """Do it, unless it was done; one that comes again meanwhile is answered when the first one is."""
        going = self._going.get(event.event_id)
        if going is not None:
            await asyncio.shield(going)
            return
        if await self._desk.done.has(event.event_id):
            return
        self._going[event.event_id] = asyncio.get_running_loop().create_future()
        try:
            tell = in_dm(self._desk, coming.external_id)
            answer = await self._desk.handle(coming, work, tell)
            if answer:
                await told(tell, answer)
            await self._desk.done.add(event.event_id)
        finally:
            self._going.pop(event.event_id).set_result(None)

    async def _heard(self, guest: Guest, message: Message) -> str:
        turn = await self._desk.turn(guest)
        reply = await self._parent(guest, message)
        said = Said(text=words(message.text), reply=reply, files=await self._files(guest, message))
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


async def publish(desk: Desk, guest: Guest) -> None:
    """Draw the home tab of this person as it is now."""
    user = guest.place.external_id.partition(":")[2]
    view: View
    try:
        view = await home.of(await desk.turn(guest))
    except NotLinked:
        view = home.unlinked(guest.locale)
    await desk.outbound.call(
        guest.place.chat_id, lambda client: client.views_publish(user_id=user, view=view)
    )
