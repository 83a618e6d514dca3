"""Bringing one request's place in one group up to date: one call to the platform, one commit, then the next.

One rule: what has to be done next follows from what the row says stands there and from what should. So a call
that was repeated, a worker that died and a group that moved all lead to the same topic.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

import structlog

from api.present import groups as present
from bots.cards import group as drawn
from bots.cards.card import Card
from bots.cards.sending import Blocked, Gone, Moved, NotAllowed, Outbound, RetryLater, Uninstalled
from core.access.actor import Actor
from core.groups import repo as groups
from core.groups import topics
from core.groups.commands import GroupChat, MoveGroup, NoteGroup
from core.groups.model import Group, Topic
from core.groups.service import move_group, note_group
from core.groups.states import GroupKind
from core.people import directory
from core.requests import repo as requests
from core.requests.states import ENDED
from core.uow import Uow
from workers.runtime import Runtime

log = structlog.get_logger()

HELD = 0.5
"""Seconds after which to look again at a topic that another worker holds: what it draws may be older."""
MOST_STEPS = 12
"""More than any topic needs; one that is not current after so many is looked at later."""


class Step(StrEnum):
    """One call."""

    open = "open"
    post = "post"
    pin = "pin"
    reopen = "reopen"
    edit = "edit"
    rename = "rename"
    close = "close"


@dataclass(frozen=True)
class Wanted:
    """What should stand there now."""

    title: str
    card: Card
    digest: bytes
    ended: bool


def next_step(group: Group, topic: Topic, wanted: Wanted) -> Step | None:
    """What is missing first; None when everything is as it should be."""
    if group.has_topics and topic.thread_id is None:
        return Step.open
    if topic.message_id is None:
        return Step.post
    if group.kind is GroupKind.forum and not topic.pinned:
        return Step.pin
    if topic.closed and not wanted.ended:
        return Step.reopen
    if topic.content_hash != wanted.digest:
        return Step.edit
    if group.has_topics and topic.title != wanted.title:
        return Step.rename
    if wanted.ended and not topic.closed:
        return Step.close
    return None


async def bring_up_to_date(runtime: Runtime, actor: Actor, topic_id: UUID) -> float:
    """Step after step until nothing is missing; the pause that the group asked for, 0 when all is current."""
    for _ in range(MOST_STEPS):
        async with runtime.voices:
            pause = await _one_step(runtime, actor, topic_id)
        if pause is not None:
            return pause
    return HELD


async def _one_step(runtime: Runtime, actor: Actor, topic_id: UUID) -> float | None:
    """What is missing first, holding the topic while the platform answers; None when there may be more to do."""
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, actor)
        topic = await topics.locked(connection, topic_id)
        if topic is None:
            return HELD
        group = await groups.one(connection, topic.group_id)
        if (
            group is None
            or topic.state == "gone"
            or not group.reachable
            or group.platform not in runtime.chats
        ):
            return 0.0
        chat = runtime.chats[group.platform]
        wanted = await _wanted(uow, topic, chat)
        step = next_step(group, topic, wanted)
        if step is None:
            return 0.0
        try:
            after = await _take(chat, group, topic, wanted, step)
        except NotAllowed as refused:
            log.warning("group.not_allowed", platform=group.platform, step=step.value, why=refused.why[:200])
            after = _without(topic, wanted, step)
        except RetryLater as pause:
            return pause.seconds
        except Uninstalled:
            return 0.0  # brought up to date when the app is installed again
        except (Gone, Moved, Blocked) as outcome:
            return await _elsewhere(uow, group, topic, step, outcome)
        await topics.keep(connection, after, uow.now)
    return None


async def _wanted(uow: Uow, topic: Topic, chat: Outbound) -> Wanted:
    """Drawn for nobody in particular, in the organisation's language."""
    request = await requests.of_case(uow, topic.request_id)
    shown = present.topic(await requests.details(uow, request))
    locale = (await directory.the_organisation(uow.connection)).locale
    card = drawn.for_group(shown, locale)
    return Wanted(drawn.title(shown, locale), card, chat.digest(card), request.state in ENDED)


async def _take(chat: Outbound, group: Group, topic: Topic, wanted: Wanted, step: Step) -> Topic:
    """Do it; the topic as it stands then."""
    thread, message = topic.thread_id or "", topic.message_id or ""
    match step:
        case Step.open:
            opened = await chat.open_topic(group.chat_id, wanted.title)
            return replace(topic, thread_id=opened, title=wanted.title)
        case Step.post:
            posted = await chat.post(group.chat_id, wanted.card, thread_id=thread)
            return replace(topic, message_id=posted, content_hash=wanted.digest, state="live")
        case Step.pin:
            await chat.pin(group.chat_id, message)
        case Step.edit:
            await chat.edit(group.chat_id, message, wanted.card)
        case Step.rename if thread:
            await chat.rename_topic(group.chat_id, thread, wanted.title)
        case Step.close | Step.reopen if thread:
            await chat.close_topic(group.chat_id, thread, closed=step is Step.close)
        case Step.rename | Step.close | Step.reopen:
            pass
        case _:
            assert_never(step)
    return _without(topic, wanted, step)


def _without(topic: Topic, wanted: Wanted, step: Step) -> Topic:
    """The topic when this step is done, or cannot be done there and is not tried again."""
    match step:
        case Step.open:
            return replace(topic, thread_id="", title=wanted.title)
        case Step.post:
            return replace(topic, state="gone")
        case Step.pin:
            return replace(topic, pinned=True)
        case Step.edit:
            return replace(topic, content_hash=wanted.digest)
        case Step.rename:
            return replace(topic, title=wanted.title)
        case Step.close | Step.reopen:
            return replace(topic, closed=step is Step.close)
        case _:
            assert_never(step)


async def _elsewhere(
    uow: Uow, group: Group, topic: Topic, step: Step, outcome: Gone | Moved | Blocked
) -> float | None:
    """The message, the topic, the group or our place in it is not where it was."""
    here = GroupChat(group.platform, group.chat_id)
    match outcome:
        case Gone() if step in (Step.edit, Step.pin):
            fresh = replace(topic, message_id=None, content_hash=None, pinned=False)
            await topics.keep(uow.connection, fresh, uow.now)
            pause = None
        case Gone():
            await topics.gone(uow.connection, topic, uow.now)
            pause = 0.0
        case Moved():
            await move_group(uow, uow.actor, MoveGroup(here, outcome.moved_to))
            pause = None
        case Blocked():
            await note_group(uow, uow.actor, NoteGroup(here, reachable=False))
            log.warning("group.lost", platform=group.platform, why=outcome.why[:200])
            pause = 0.0
        case _:
            assert_never(outcome)
    await uow.finish()
    return pause
