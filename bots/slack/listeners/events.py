"""Events: messages and files in the private chat, the home tab, and the app being removed from a workspace.

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
from bots.client.transport import CallMetadata
from bots.dialog import registry
from bots.dialog.context import UnlinkedContext
from bots.dialog.message import IncomingMessage, RepliedMessage
from bots.dialog.responder import with_retries
from bots.slack import home_tab
from bots.slack.ack_deadline import NotYet, StillRunning, arrival_time
from bots.slack.files import SlackFiles
from bots.slack.payloads import (
    ChannelIdChanged,
    EventEnvelope,
    HomeOpened,
    MemberJoined,
    MessageChanged,
    MessagePayload,
    UninstallPayload,
    replied_message,
    unformatted,
)
from bots.slack.processor import SlackUpdate, UpdateProcessor, Work
from bots.slack.replies import in_dm, send_reply
from bots.slack.views import View
from bots.slack.workspace_tokens import WorkspaceTokens

PERSON_SUBTYPES = ("", "file_share", "thread_broadcast")
LAST_TRY = 3
"""Slack's number of it: at once, after a minute, after five."""


class EventListeners:
    """The listeners over one processor."""

    def __init__(self, processor: UpdateProcessor, workspaces: WorkspaceTokens, files: SlackFiles) -> None:
        self._processor = processor
        self._workspaces = workspaces
        self._files = files
        self._running: dict[str, asyncio.Task[None]] = {}

    async def message(self, ack: AsyncAck, body: dict[str, Any], request: AsyncBoltRequest) -> None:
        """A message or files in the private chat; anything else is ignored."""
        event = EventEnvelope.model_validate(body)
        message = MessagePayload.model_validate(event.event)
        if message.subtype == "message_changed":
            await self._message_changed(event, MessageChanged.model_validate(event.event), request)
        is_from_person = message.subtype in PERSON_SUBTYPES and not message.bot_id and message.user
        if is_from_person and message.channel_type == "im":
            update = _slack_update(event, message.user, request, message)
            originally_sent_at = message.sent_at if _retry_number(request) else None
            work = partial(self._handle_message, message=message, originally_sent_at=originally_sent_at)
            await self._once(event, lambda: self._process_and_reply(update, work))
        await ack()

    async def _message_changed(
        self, event: EventEnvelope, changed: MessageChanged, request: AsyncBoltRequest
    ) -> None:
        """Somebody edited what they had written to us."""
        if changed.channel_type != "im" or not changed.is_edit_by_author:
            return
        message = changed.message.model_copy(update={"channel": changed.channel})
        update = _slack_update(event, message.user, request, message)
        work = partial(self._handle_edit, message=message)
        await self._once(event, lambda: self._process_and_reply(update, work))

    async def home_opened(self, ack: AsyncAck, body: dict[str, Any], request: AsyncBoltRequest) -> None:
        """The home tab is drawn when it is looked at."""
        event = EventEnvelope.model_validate(body)
        details = HomeOpened.model_validate(event.event)
        if details.tab == "home":
            update = _slack_update(event, details.user, request)
            await self._once(event, lambda: self._process_and_reply(update, self._publish_home))
        await ack()

    async def member_joined(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Somebody is in a channel; when that is our app, requests can be shown there again."""
        event = EventEnvelope.model_validate(body)
        await self._once(event, lambda: self._report_joined(event, MemberJoined.model_validate(event.event)))
        await ack()

    async def channel_id_changed(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A channel has another id: what is shown there goes on there."""
        event = EventEnvelope.model_validate(body)
        await self._once(
            event, lambda: self._report_migrated(event, ChannelIdChanged.model_validate(event.event))
        )
        await ack()

    async def app_removed(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """The app was taken out, or its token is no longer good: forget it; once, for it may be back meanwhile."""
        event = EventEnvelope.model_validate(body)
        if UninstallPayload.model_validate(event.event).for_good:
            await self._once(event, lambda: self._remove_installation(event))
        await ack()

    async def other(self, ack: AsyncAck) -> None:
        """Not for us; acknowledged, or Slack would send it again."""
        await ack()

    async def _once(self, event: EventEnvelope, work: Callable[[], Awaitable[None]]) -> None:
        """Do it, unless it was done; one that comes again meanwhile waits for the first. NotYet: it comes again."""
        running = self._running.get(event.event_id)
        if running is None:
            running = self._processor.deadline.start(self._unless_done(event.event_id, work))
            self._running[event.event_id] = running
            running.add_done_callback(lambda _: self._running.pop(event.event_id))
        try:
            await self._processor.deadline.result_of(running, arrival_time())
        except (StillRunning, RetryLater) as unknown:
            raise NotYet from unknown

    async def _unless_done(self, event_id: str, work: Callable[[], Awaitable[None]]) -> None:
        if not await self._processor.handled_updates.contains(event_id):
            await work()
            await self._processor.handled_updates.add(event_id)

    async def _process_and_reply(self, update: SlackUpdate, work: Work) -> None:
        """Do it and send the reply; it is done when Slack has taken the reply."""
        answer = await self._processor.process(update, work)
        if answer:
            place = in_dm(self._processor.outbound, update.external_id, update.thread)
            await send_reply(answer, place, unless=(RetryLater,))

    async def _report_joined(self, event: EventEnvelope, details: MemberJoined) -> None:
        workspace = await self._workspaces.get(event.team_id)
        if workspace is not None and details.user == workspace.bot_user_id:
            await self._report_reachable(event, details.channel)

    async def _report_migrated(self, event: EventEnvelope, details: ChannelIdChanged) -> None:
        """Sending to the old id may have failed meanwhile, so the channel is marked as reachable."""
        before, after = [
            f"{event.team_id}:{each}" for each in (details.old_channel_id, details.new_channel_id)
        ]
        moved = GroupMovedIn(platform="slack", chat_id=before, moved_to=after, kept=True)
        api = self._processor.client.for_bot(CallMetadata(channel="slack"))
        await api.groups.report_migrated(moved, key=f"sl:{event.team_id}:{event.event_id}:moved")
        await self._report_reachable(event, details.new_channel_id)

    async def _report_reachable(self, event: EventEnvelope, channel: str) -> None:
        """Our app is in this channel."""
        reach = GroupReachIn(platform="slack", chat_id=f"{event.team_id}:{channel}", reachable=True)
        api = self._processor.client.for_bot(CallMetadata(channel="slack"))
        await api.groups.report_reachable(reach, key=f"sl:{event.team_id}:{event.event_id}")

    async def _remove_installation(self, event: EventEnvelope) -> None:
        """An installation that was made since is another one."""
        installations = self._processor.client.for_bot(CallMetadata(channel="slack")).installations
        found = await installations.show(event.team_id)
        if found is not None and found.installed_at.timestamp() < event.event_time + 1:
            await installations.revoke(event.team_id)
        self._workspaces.forget(event.team_id)

    async def _handle_message(
        self, unlinked: UnlinkedContext, message: MessagePayload, originally_sent_at: dt.datetime | None
    ) -> str:
        ctx = await self._processor.context(unlinked)
        await registry.dispatch_message(ctx, await self._incoming(unlinked, message, originally_sent_at))
        return ""

    async def _handle_edit(self, unlinked: UnlinkedContext, message: MessagePayload) -> str:
        ctx = await self._processor.context(unlinked)
        await registry.dispatch_edit(ctx, await self._incoming(unlinked, message, message.sent_at))
        return ""

    async def _incoming(
        self, unlinked: UnlinkedContext, message: MessagePayload, originally_sent_at: dt.datetime | None
    ) -> IncomingMessage:
        """The message with the one in whose thread it is, and its files."""
        reply = await self._parent(unlinked, message)
        files = await self._files.of(unlinked.origin.chat_id, message.files)
        return IncomingMessage(
            text=unformatted(message.text), reply_to=reply, files=files, originally_sent_at=originally_sent_at
        )

    async def _parent(self, unlinked: UnlinkedContext, message: MessagePayload) -> RepliedMessage | None:
        """The message whose thread this is."""
        if message.thread_ts in ("", message.ts):
            return None
        answer = await with_retries(
            lambda: self._processor.outbound.call(
                unlinked.origin.chat_id,
                lambda client: client.conversations_replies(
                    channel=message.channel, ts=message.thread_ts, limit=1
                ),
            )
        )
        found = answer.get("messages") or []
        return replied_message(MessagePayload.model_validate(found[0])) if found else None

    async def _publish_home(self, unlinked: UnlinkedContext) -> str:
        await publish_home(self._processor, unlinked)
        return ""


def _slack_update(
    event: EventEnvelope, user_id: str, request: AsyncBoltRequest, message: MessagePayload | None = None
) -> SlackUpdate:
    """Who did it; what fails at the last try is not tried again."""
    will_be_retried = _retry_number(request) < LAST_TRY
    if message is None:
        return SlackUpdate(event.team_id, user_id, event.event_id, will_be_retried=will_be_retried)
    in_thread = message.thread_ts not in ("", message.ts)
    return SlackUpdate(
        event.team_id,
        user_id,
        event.event_id,
        f"{message.channel}:{message.ts}",
        f"{message.channel}:{message.thread_ts}" if in_thread else "",
        will_be_retried=will_be_retried,
    )


def _retry_number(request: AsyncBoltRequest) -> int:
    """How often Slack has delivered this before."""
    [number, *_] = request.headers.get("x-slack-retry-num") or ["0"]
    return int(number) if number.isdecimal() else 0


async def publish_home(processor: UpdateProcessor, unlinked: UnlinkedContext) -> None:
    """Draw the home tab of this person as it is now."""
    user = unlinked.origin.external_id.partition(":")[2]
    view: View
    try:
        view = await home_tab.build(await processor.context(unlinked))
    except NotLinked:
        view = home_tab.unlinked(unlinked.locale)
    await with_retries(
        lambda: processor.outbound.call(
            unlinked.origin.chat_id, lambda client: client.views_publish(user_id=user, view=view)
        )
    )
