"""What auditors read: the log in order, and whether its hash chain is intact."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import String, cast, func, or_, select, true

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.db.connection import Row
from core.kernel.pagination import Page, encode_cursor
from core.log.checkpoint import Checkpoint
from core.log.tables import audit_events
from core.log.verify import START, LogHead, Verification
from core.log.verify import verify as verify_log
from core.log.verify_helpers import VerifyHelpers
from core.people.tables import people
from core.uow import Uow

_E = audit_events.c


@dataclass(frozen=True)
class EventFilter:
    """``after`` is a position: events sealed later, oldest first."""

    subject_id: UUID | None
    after: int
    limit: int


@dataclass(frozen=True)
class EventRow:
    id: UUID
    position: int | None
    occurred_at: dt.datetime
    actor: str
    actor_name: str
    actor_kind: str
    on_behalf_of: UUID | None
    type: str
    subject_kind: str
    subject_id: UUID
    subject_version: int
    request_id: UUID | None
    channel: str
    data: dict[str, object]
    digest: bytes
    chain: bytes | None
    correlation_id: str
    causation_id: UUID | None


@requires(Permission.audit_read)
async def list_events(uow: Uow, actor: Actor, filters: EventFilter) -> Page[EventRow]:
    """The log in order; of one subject, or of a whole purchase by the request's id."""
    about = or_(_E.subject_id == filters.subject_id, _E.request_id == filters.subject_id)
    found = (
        await uow.connection.execute(
            select(audit_events, func.coalesce(people.c.name, _E.actor).label("actor_name"))
            .outerjoin(people, cast(people.c.id, String) == _E.actor)
            .where(_E.position > filters.after, about if filters.subject_id else true())
            .order_by(_E.position)
            .limit(filters.limit + 1)
        )
    ).all()
    shown = tuple(_event(row) for row in found[: filters.limit])
    more = len(found) > filters.limit
    return Page(shown, encode_cursor(shown[-1].position or 0) if more else None)


@dataclass(frozen=True)
class VerifyLog:
    """What to verify: all, or what came ``after`` a head that the caller kept; against these checkpoints too."""

    helpers: VerifyHelpers
    after: LogHead = START
    trusted: tuple[Checkpoint, ...] = ()


@requires(Permission.audit_verify)
async def verify(uow: Uow, actor: Actor, wanted: VerifyLog) -> Verification:
    """Check the log; the result names the first position at which it is broken."""
    async with uow.connection.transaction(), wanted.helpers.borrow() as helpers:
        return await verify_log(uow.connection, wanted.trusted, helpers=helpers, after=wanted.after)


def _event(row: Row) -> EventRow:
    return EventRow(**{name: getattr(row, name) for name in EventRow.__dataclass_fields__})
