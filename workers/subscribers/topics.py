"""Groups: a request of a department or cost centre that a group is bound to gets a topic there, which follows it.

One rule: where a request should be shown is read from the present bindings and states, never from the event that
came by; so a late, doubled or lost event leads to the same topics.
"""

import datetime as dt
from uuid import UUID

from core.access.roles import Role
from core.groups import repo as groups
from core.groups import topics
from core.log.deliveries import StoredEvent, has_later_event
from core.requests import repo as requests
from core.requests.states import ENDED, RequestState
from workers.broker import Queue
from workers.outcome import DeliveryPostponed
from workers.runtime import Runtime, system_actor
from workers.topics import sync_topic

QUEUE = Queue.chats
SUBSCRIBES_TO = (
    "request.submitted",
    "request.sourcing",
    "request.quoted",
    "request.sourcing_failed",
    "request.awaiting_approval",
    "request.returned",
    "request.approved",
    "request.ordered",
    "request.completed",
    "request.withdrawn",
    "request.cancelled",
    "group.found",
    "group.moved",
)
NOT_SHOWN = ENDED | {RequestState.draft}
"""Before it is handed over nobody else sees a request; one that ended unseen needs no topic any more."""


async def run(runtime: Runtime, event: StoredEvent) -> None:
    """Make the topics that are missing, and bring all of the request, or of the group, up to date."""
    if not runtime.chats:
        return
    actor = system_actor(Role.system_cards, event)
    pauses = [
        await sync_topic(runtime, actor, topic_id) for topic_id in await _topics_concerned(runtime, event)
    ]
    if max(pauses, default=0.0) > 0:
        raise DeliveryPostponed(dt.timedelta(seconds=max(pauses)), "a group asks for a pause")


async def _topics_concerned(runtime: Runtime, event: StoredEvent) -> list[UUID]:
    """The topics of a group that was found or moved, or of a request; the missing ones are committed first.

    None when a later event of the same request is on its way: that one brings them up to date.
    """
    async with runtime.engine.begin() as connection:
        if await has_later_event(connection, "topics", event):
            return []
        if event.request_id is None:
            return list(await topics.topics_of_group(connection, event.subject_id))
        uow = runtime.uow(connection, system_actor(Role.system_cards, event))
        request = await requests.of_purchase(uow, event.request_id)
        if request.state not in NOT_SHOWN:
            for group in await groups.groups_showing(connection, request.cost_centre):
                if group.platform in runtime.chats:
                    await topics.reserve_topic(connection, group.id, request.id, uow.now)
        return list(await topics.topics_of_request(connection, request.id))
