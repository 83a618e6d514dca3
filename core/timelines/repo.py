"""The SELECT of a purchase's timeline.

One rule: whoever calls it has checked that the reader may see the purchase.
"""

from uuid import UUID

from sqlalchemy import String, cast, select

from core.log.tables import audit_events
from core.people.tables import people
from core.timelines.model import TimelineEntry
from core.uow import Uow

TIMELINE_LIMIT = 1000


async def of_purchase(uow: Uow, request_id: UUID) -> tuple[TimelineEntry, ...]:
    """The log's rows of this purchase, sealed or not, with the actors' names."""
    event, absent = audit_events.c, people.alias("absent")
    found = await uow.connection.execute(
        select(audit_events, people.c.name.label("actor_name"), absent.c.name.label("absent_name"))
        .outerjoin(people, cast(people.c.id, String) == event.actor)
        .outerjoin(absent, absent.c.id == event.on_behalf_of)
        .where(event.request_id == request_id)
        .order_by(event.position.nulls_last(), event.seq)
        .limit(TIMELINE_LIMIT)
    )
    return tuple(
        TimelineEntry(
            row.position,
            row.occurred_at,
            row.type,
            row.actor,
            row.actor_name or row.actor,
            row.on_behalf_of,
            row.absent_name,
            row.channel,
            row.subject_kind,
            row.subject_id,
            row.subject_version,
            row.data,
        )
        for row in found
    )
