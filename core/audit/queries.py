"""What auditors read: the log in order or searched, its checkpoints, and whether it is intact.

One rule: a search looks at so many events at a time, newest first, and says where it stopped; it never holds the
database for long, however old the log is.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, false, func, or_, select, true, union_all

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.db.connection import Row
from core.kernel.pagination import Page, encode_cursor
from core.log.tables import audit_events, checkpoints
from core.log.verify import Verification
from core.log.verify import verify as verify_log
from core.log.verify_helpers import VerifyHelpers
from core.log.witnesses import START, LogHead, Witness
from core.orders.tables import purchase_orders
from core.people.tables import people
from core.requests.tables import procurement_requests
from core.rfqs.tables import rfqs
from core.uow import Uow

_E = audit_events.c
SEARCHED_AT_ONCE = 100_000
MOST_PEOPLE = 100


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
    shown = tuple(event_row(row) for row in found[: filters.limit])
    more = len(found) > filters.limit
    return Page(shown, encode_cursor(shown[-1].position or 0) if more else None)


@dataclass(frozen=True)
class EventSearch:
    """``person`` is a part of a name; ``subject`` a number, or the id of anything; ``before`` is a position."""

    person: str = ""
    action: str = ""
    subject: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True)
class FoundEvents:
    """``next_before`` is where to go on, also when nothing was found in what was looked through."""

    events: tuple[EventRow, ...]
    next_before: int | None


@requires(Permission.audit_read)
async def search_events(uow: Uow, actor: Actor, wanted: EventSearch) -> FoundEvents:
    """Events that fit, newest first."""
    newest = await uow.connection.scalar(select(func.max(_E.position))) or 0
    top = min(newest, wanted.before - 1) if wanted.before is not None else newest
    about = await _about(uow, wanted.subject) if wanted.subject else None
    bottom = 0 if about is not None else max(0, top - SEARCHED_AT_ONCE)
    found = (
        await uow.connection.execute(
            select(audit_events, func.coalesce(people.c.name, _E.actor).label("actor_name"))
            .outerjoin(people, cast(people.c.id, String) == _E.actor)
            .where(_E.position <= top, _E.position > bottom, about if about is not None else true())
            .where(await _by(uow, wanted.person) if wanted.person else true())
            .where(_E.type == wanted.action if wanted.action else true())
            .where(_E.occurred_at >= wanted.since if wanted.since else true())
            .where(_E.occurred_at < wanted.until if wanted.until else true())
            .order_by(_E.position.desc())
            .limit(wanted.limit + 1)
        )
    ).all()
    shown = tuple(event_row(row) for row in found[: wanted.limit])
    if len(found) > wanted.limit:
        return FoundEvents(shown, shown[-1].position)
    return FoundEvents(shown, bottom + 1 if bottom else None)


async def _about(uow: Uow, subject: str) -> ColumnElement[bool]:
    """Of one thing by its id, or of the whole purchase of a request, an RFQ or an order by its number."""
    try:
        found: UUID | None = UUID(subject)
    except ValueError:
        number, request, rfq, order = subject.upper(), procurement_requests.c, rfqs.c, purchase_orders.c
        named = union_all(
            select(request.id).where(request.number == number),
            select(rfq.request_id).where(rfq.number == number),
            select(order.request_id).where(order.number == number),
        )
        found = await uow.connection.scalar(named.limit(1))
    return or_(_E.subject_id == found, _E.request_id == found) if found is not None else false()


async def _by(uow: Uow, person: str) -> ColumnElement[bool]:
    """Done by, or in the place of, somebody of that name; a system's part is named as the log does."""
    named = select(people.c.id).where(func.lower(people.c.name).contains(person.lower(), autoescape=True))
    found = [row.id for row in await uow.connection.execute(named.limit(MOST_PEOPLE))]
    labels = [str(each) for each in found]
    return or_(_E.actor.in_(labels), _E.on_behalf_of.in_(found), _E.actor == person)


@dataclass(frozen=True)
class PublishedCheckpoint:
    """A checkpoint as it was signed and stored."""

    size: int
    root: bytes
    note: str
    made_at: dt.datetime


MOST_CHECKPOINTS = 100


@requires(Permission.audit_verify)
async def list_checkpoints(uow: Uow, actor: Actor) -> Sequence[PublishedCheckpoint]:
    """The newest checkpoints, the newest first."""
    c = checkpoints.c
    newest = select(c.size, c.root, c.note, c.made_at).order_by(c.size.desc()).limit(MOST_CHECKPOINTS)
    return [PublishedCheckpoint(*row) for row in await uow.connection.execute(newest)]


@dataclass(frozen=True)
class VerifyLog:
    """What to verify: all, or what came ``after`` a head that the caller kept; and what witnesses keep of it."""

    helpers: VerifyHelpers
    after: LogHead = START
    witnesses: tuple[Witness, ...] = ()


@requires(Permission.audit_verify)
async def verify(uow: Uow, actor: Actor, wanted: VerifyLog) -> Verification:
    """Check the log; the result names the first position at which it is broken."""
    async with uow.connection.transaction(), wanted.helpers.borrow() as helpers:
        return await verify_log(uow.connection, wanted.witnesses, helpers=helpers, after=wanted.after)


def event_row(row: Row) -> EventRow:
    return EventRow(**{name: getattr(row, name) for name in EventRow.__dataclass_fields__})
