"""Bringing the topic of one request in one group up to date: one call to the platform, one commit, then the next.

One rule: the next step follows only from the stored state of the topic and its desired state, so that a repeated call,
a dead worker or a moved group leads to the same topic.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

import structlog

from api.present import groups as present
from bots.cards import group as group_card
from bots.cards.card import Card
from bots.cards.sending import Blocked, ChatMigrated, Gone, NotAllowed, Outbound, RetryLater, Uninstalled
from core.access.actor import Actor
from core.groups import repo as groups
from core.groups import topics
from core.groups.commands import GroupChat, MoveGroup, SetGroupReachable
from core.groups.model import Group, Topic
from core.groups.service import move_group, set_group_reachable
from core.groups.states import GroupKind
from core.people import directory
from core.requests import repo as requests
from core.requests.states import ENDED
from core.uow import Uow
from workers.outcome import LOCKED_SECONDS
from workers.runtime import Runtime

log = structlog.get_logger()

MAX_STEPS = 12
"""More than any topic needs; one that is not current after so many is tried again later."""


class TopicStep(StrEnum):
    """One call to the platform."""

    open = "open"
    post = "post"
    pin = "pin"
    reopen = "reopen"
    edit = "edit"
    rename = "rename"
    close = "close"


@dataclass(frozen=True)
class DesiredTopic:
    """How the topic should be now."""

    title: str
    card: Card
    fingerprint: bytes
    ended: bool


def next_step(group: Group, topic: Topic, desired: DesiredTopic) -> TopicStep | None:
    """The first thing that is missing; None when the topic is as desired."""
    if group.has_topics and topic.thread_id is None:
        return TopicStep.open
    if topic.message_id is None:
        return TopicStep.post
    if group.kind is GroupKind.forum and not topic.pinned:
        return TopicStep.pin
    if topic.closed and not desired.ended:
        return TopicStep.reopen
    if topic.content_hash != desired.fingerprint:
        return TopicStep.edit
    if group.has_topics and topic.title != desired.title:
        return TopicStep.rename
    if desired.ended and not topic.closed:
        return TopicStep.close
    return None


async def sync_topic(runtime: Runtime, actor: Actor, topic_id: UUID) -> float:
    """Take steps until nothing is missing; returns the seconds to wait before the next try, 0 when it is current."""
    for _ in range(MAX_STEPS):
        pause = await _sync_step(runtime, actor, topic_id)
        if pause is not None:
            return pause
    return LOCKED_SECONDS


async def _sync_step(runtime: Runtime, actor: Actor, topic_id: UUID) -> float | None:
    """Take one step, with the topic locked while the platform answers; None when there may be more to do."""
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        topic = await topics.lock_topic(connection, topic_id)
        if topic is None:
            return LOCKED_SECONDS
        group = await groups.group_by_id(connection, topic.group_id)
        if (
            group is None
            or topic.state == "gone"
            or not group.reachable
            or group.platform not in runtime.chats
        ):
            return 0.0
        chat = runtime.chats[group.platform]
        desired = await _desired(uow, topic, chat)
        step = next_step(group, topic, desired)
        if step is None:
            return 0.0
        try:
            after = await _perform(chat, group, topic, desired, step)
        except NotAllowed as refused:
            log.warning(
                "group.not_allowed", platform=group.platform, step=step.value, why=refused.reason[:200]
            )
            after = _mark_done(topic, desired, step)
        except RetryLater as pause:
            return runtime.turn_in(group.platform, group.chat_id, pause.seconds)
        except Uninstalled:
            return 0.0  # brought up to date when the app is installed again
        except (Gone, ChatMigrated, Blocked) as outcome:
            return await _handle_gone_or_moved(uow, group, topic, step, outcome)
        await topics.save_topic(connection, after, uow.now)
    return None


async def _desired(uow: Uow, topic: Topic, chat: Outbound) -> DesiredTopic:
    """Drawn without a reader's rights, in the organisation's language."""
    request = await requests.of_purchase(uow, topic.request_id)
    shown = present.topic(await requests.details(uow, request))
    locale = (await directory.read_organisation(uow.connection)).locale
    card = group_card.for_group(shown, locale)
    return DesiredTopic(group_card.title(shown, locale), card, chat.fingerprint(card), request.state in ENDED)


async def _perform(
    chat: Outbound, group: Group, topic: Topic, desired: DesiredTopic, step: TopicStep
) -> Topic:
    """Make the call; returns the topic as it is afterwards."""
    thread, message = topic.thread_id or "", topic.message_id or ""
    match step:
        case TopicStep.open:
            opened = await chat.open_topic(group.chat_id, desired.title)
            return replace(topic, thread_id=opened, title=desired.title)
        case TopicStep.post:
            posted = await chat.post(group.chat_id, desired.card, thread_id=thread)
            return replace(topic, message_id=posted, content_hash=desired.fingerprint, state="live")
        case TopicStep.pin:
            await chat.pin(group.chat_id, message)
        case TopicStep.edit:
            await chat.edit(group.chat_id, message, desired.card)
        case TopicStep.rename if thread:
            await chat.rename_topic(group.chat_id, thread, desired.title)
        case TopicStep.close | TopicStep.reopen if thread:
            await chat.close_topic(group.chat_id, thread, closed=step is TopicStep.close)
        case TopicStep.rename | TopicStep.close | TopicStep.reopen:
            pass
        case _:
            assert_never(step)
    return _mark_done(topic, desired, step)


def _mark_done(topic: Topic, desired: DesiredTopic, step: TopicStep) -> Topic:
    """The topic with this step marked as done, also when the group does not allow it."""
    match step:
        case TopicStep.open:
            return replace(topic, thread_id="", title=desired.title)
        case TopicStep.post:
            return replace(topic, state="gone")
        case TopicStep.pin:
            return replace(topic, pinned=True)
        case TopicStep.edit:
            return replace(topic, content_hash=desired.fingerprint)
        case TopicStep.rename:
            return replace(topic, title=desired.title)
        case TopicStep.close | TopicStep.reopen:
            return replace(topic, closed=step is TopicStep.close)
        case _:
            assert_never(step)


async def _handle_gone_or_moved(
    uow: Uow, group: Group, topic: Topic, step: TopicStep, outcome: Gone | ChatMigrated | Blocked
) -> float | None:
    """Store that the message, the topic or the group is gone, or that the group moved."""
    here = GroupChat(group.platform, group.chat_id)
    match outcome:
        case Gone() if step in (TopicStep.edit, TopicStep.pin):
            fresh = replace(topic, message_id=None, content_hash=None, pinned=False)
            await topics.save_topic(uow.connection, fresh, uow.now)
            pause = None
        case Gone():
            await topics.mark_gone(uow.connection, topic, uow.now)
            pause = 0.0
        case ChatMigrated():
            await move_group(uow, uow.actor, MoveGroup(here, outcome.moved_to))
            pause = None
        case Blocked():
            await set_group_reachable(uow, uow.actor, SetGroupReachable(here, reachable=False))
            log.warning("group.lost", platform=group.platform, why=outcome.reason[:200])
            pause = 0.0
        case _:
            assert_never(outcome)
    await uow.finish()
    return pause
