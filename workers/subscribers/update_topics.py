"""The subscriber ``topics``: a request gets a topic in each group that is bound to its department or cost centre.

One rule: which groups show a request is read from the present bindings and states, never from the event, so that a
late, repeated or lost event leads to the same topics.
"""

import datetime as dt
from uuid import UUID

from core.access.roles import Role
from core.groups import repo as groups
from core.groups import topics
from core.groups.events import GroupFound, GroupMoved
from core.log.events import Event
from core.log.stored import StoredEvent
from core.rejections.events import RequestRejected
from core.removals.events import RequestLinesDropped
from core.requests import repo as requests
from core.requests.events import (
    RequestCancelled,
    RequestStateChanged,
    RequestSubmitted,
    RequestTakenBack,
    RequestWithdrawn,
)
from core.requests.states import ENDED, RequestState
from workers.broker import Queue
from workers.outcome import DeliveryPostponed
from workers.runtime import Runtime, system_actor
from workers.topic_sync import sync_topic

QUEUE = Queue.chats
SUBSCRIBES_TO: tuple[type[Event], ...] = (
    RequestLinesDropped,
    RequestSubmitted,
    RequestTakenBack,
    RequestStateChanged,
    RequestWithdrawn,
    RequestCancelled,
    RequestRejected,
    GroupFound,
    GroupMoved,
)
NOT_SHOWN = ENDED | {RequestState.draft}
"""States in which a request gets no new topic: nobody else may see a draft, and an ended one needs none."""


async def run(runtime: Runtime, event: Event, stored: StoredEvent) -> None:
    """Make the missing topics, and bring all topics of the request or group up to date."""
    if not runtime.chats or not await _concerns_a_group(runtime, stored):
        return
    actor = system_actor(Role.system_cards, stored)
    pauses = [
        await sync_topic(runtime, actor, topic_id) for topic_id in await _topics_concerned(runtime, stored)
    ]
    if max(pauses, default=0.0) > 0:
        raise DeliveryPostponed(dt.timedelta(seconds=max(pauses)), "a group asks for a pause")


async def _concerns_a_group(runtime: Runtime, stored: StoredEvent) -> bool:
    """False for most purchases of a company without groups: one statement tells."""
    if stored.request_id is None:
        return True
    async with runtime.engine.autocommit() as connection:
        return await groups.is_in_a_group(connection, stored.request_id)


async def _topics_concerned(runtime: Runtime, stored: StoredEvent) -> list[UUID]:
    """The topics of the group or request; missing ones are reserved and committed first."""
    async with runtime.engine.begin() as connection:
        if stored.request_id is None:
            return list(await topics.topics_of_group(connection, stored.subject_id))
        uow = runtime.uow(connection, system_actor(Role.system_cards, stored))
        request = await requests.of_purchase(uow, stored.request_id)
        if request.state not in NOT_SHOWN:
            for group in await groups.groups_showing(connection, request.cost_centre):
                if group.platform in runtime.chats:
                    await topics.reserve_topic(connection, group.id, request.id, uow.now)
        return list(await topics.topics_of_request(connection, request.id))
