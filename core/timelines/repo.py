"""The SELECT of a purchase's timeline.

One rule: whoever calls it has checked that the reader may see the purchase.
"""

from uuid import UUID

from sqlalchemy import String, cast, func, select, true

from core.access.permissions import Permission
from core.approvals.events import ApprovalOpened
from core.kernel.subjects import SubjectKind
from core.log.tables import audit_events, checkpoints
from core.people.tables import people
from core.timelines.model import ProvenEvents, TimelineEntry
from core.uow import Uow

TIMELINE_LIMIT = 1000


async def of_purchase(
    uow: Uow, request_id: UUID, *, before: int | None = None, limit: int = TIMELINE_LIMIT
) -> tuple[TimelineEntry, ...]:
    """The newest of the log's rows of this purchase, sealed or not, oldest first, with the actors' names.

    ``before`` a position of the log there are only sealed ones. What looked unusual is for those who read insights.
    """
    reads_findings = uow.actor.may(Permission.insights_read)
    event, absent = audit_events.c, people.alias("absent")
    found = await uow.connection.execute(
        select(audit_events, people.c.name.label("actor_name"), absent.c.name.label("absent_name"))
        .outerjoin(people, cast(people.c.id, String) == event.actor)
        .outerjoin(absent, absent.c.id == event.on_behalf_of)
        .where(
            event.request_id == request_id,
            event.position < before if before is not None else true(),
            true() if reads_findings else event.subject_kind != SubjectKind.finding.value,
        )
        .order_by(event.position.desc().nulls_first(), event.seq.desc())
        .limit(limit)
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
        for row in reversed(found.all())
    )


async def tiers(uow: Uow, request_id: UUID) -> dict[UUID, str]:
    """By approval of this purchase: the policy's tier that it was opened by."""
    event = audit_events.c
    rows = await uow.connection.execute(
        select(event.subject_id, event.data["tier"].astext.label("tier")).where(
            event.request_id == request_id, event.type == ApprovalOpened.type
        )
    )
    return {row.subject_id: row.tier for row in rows}


async def proven(uow: Uow, request_id: UUID) -> ProvenEvents:
    """Which events of this purchase are under the newest signed checkpoint, and are word for word what was sealed."""
    event = audit_events.c
    head = select(func.coalesce(func.max(checkpoints.c.size), 0)).scalar_subquery()
    intact = func.sha256(func.convert_to(event.canonical, "UTF8")) == event.digest
    rows = await uow.connection.execute(
        select(event.position, head.label("head")).where(
            event.request_id == request_id, event.position <= head, intact
        )
    )
    found = rows.all()
    return ProvenEvents(found[0].head if found else 0, frozenset(row.position for row in found))
